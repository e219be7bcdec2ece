using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Api.ClinicalSessions.Import;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>A clinical session.</summary>
/// <param name="StartedAt">When it began, or is planned to begin.</param>
/// <param name="DurationSeconds">How long it took, or is planned to take.</param>
/// <param name="TotalSegments">Utterances of its transcript.</param>
/// <param name="AverageConfidence">How sure the recogniser was, 0 to 1; null when it did not say.</param>
/// <param name="HasTranscript">Whether there is one to read.</param>
/// <param name="Status">planned, held or cancelled.</param>
/// <param name="Transcript">none, available, or expired when the practice's retention has erased it.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","clientName":"Maya Lindqvist","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","title":"Sunday evenings","startedAt":"2026-11-10T09:00:00Z","durationSeconds":3000,"totalSegments":1,"averageConfidence":0.93,"hasTranscript":true,"status":"held","transcript":"available","speakers":[{"label":"client","role":"client","segments":1,"words":3,"speakingShare":1}],"segments":[{"index":0,"speaker":"client","start":"00:00:20","startSeconds":20,"text":"It is fine."}]}</example>
public sealed record SessionResponse(
    Guid SessionId, Guid ClientId, string? ClientName, Guid PractitionerId, string? PractitionerName, string Title,
    DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, double? AverageConfidence, bool HasTranscript, string Status, string Transcript)
{
    /// <summary>Who speaks in the transcript; only in the read of one session, for those who read transcripts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SpeakerResponse>? Speakers { get; init; }

    /// <summary>Only there when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SegmentResponse>? Segments { get; init; }
}

/// <summary>Somebody who speaks in a transcript.</summary>
/// <param name="Label">As the transcript has it.</param>
/// <param name="Role">therapist, client or other.</param>
/// <param name="Segments">How many utterances are theirs.</param>
/// <param name="Words">How many words they say.</param>
/// <param name="SpeakingShare">Of all words, 0 to 1: a recording tells when somebody begins and not when they end.</param>
/// <example>{"label":"client","role":"client","segments":12,"words":240,"speakingShare":0.6}</example>
public sealed record SpeakerResponse(string Label, string Role, int Segments, int Words, double SpeakingShare);

/// <summary>One utterance.</summary>
/// <param name="Index">Its place in the transcript, from 0.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="StartSeconds">The same as seconds.</param>
/// <param name="Text">What was said.</param>
/// <param name="Start">hh:mm:ss from the session's beginning.</param>
/// <example>{"index":0,"speaker":"client","start":"00:00:20","startSeconds":20,"text":"It is fine."}</example>
public sealed record SegmentResponse(int Index, string Speaker, string Start, double StartSeconds, string Text);

/// <summary>The newest matches, and how many there are.</summary>
public sealed record SessionSearchResponse(IReadOnlyList<SessionResponse> Items, int Total);

/// <summary>A page of sessions by their time.</summary>
public sealed record SessionListResponse(
    IReadOnlyList<SessionResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>The session that an import made.</summary>
/// <param name="TotalSegments">Utterances of its transcript.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","title":"Sunday evenings","totalSegments":1,"durationSeconds":20}</example>
public sealed record ImportedSessionResponse(Guid SessionId, Guid ClientId, string Title, int TotalSegments, int DurationSeconds);

/// <summary>A session that is planned, or was held without a recording.</summary>
/// <param name="PractitionerId">Of the practice; the caller's own profile, or else the client's practitioner, when absent.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="StartedAt">With its offset; in the past for a session that was held, within five years for one that is planned.</param>
/// <param name="DurationSeconds">0 to 86,400.</param>
/// <param name="Status">planned or held.</param>
/// <example>{"clientId":"0a000000-0000-7000-8000-000000000301","title":"Sunday evenings","startedAt":"2026-12-01T09:00:00Z","durationSeconds":3000,"status":"planned"}</example>
public sealed record CreateSessionRequest(
    [Required] Guid? ClientId, Guid? PractitionerId, [Required] string? Title, [Required] DateTimeOffset? StartedAt,
    [Required] int? DurationSeconds, [Required, AllowedValues(SessionStatus.Planned, SessionStatus.Held)] string? Status);

/// <summary>Everything of a session that may change; all of it is needed.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="StartedAt">With its offset; in the past for a session that was held, within five years for any other.</param>
/// <param name="DurationSeconds">0 to 86,400.</param>
/// <param name="Status">planned, held or cancelled; a session with a transcript was held and stays so.</param>
/// <example>{"title":"Sunday evenings","startedAt":"2026-11-10T09:00:00Z","durationSeconds":3000,"status":"held"}</example>
public sealed record ChangeSessionRequest(
    [Required] string? Title, [Required] DateTimeOffset? StartedAt, [Required] int? DurationSeconds,
    [Required, AllowedValues(SessionStatus.Planned, SessionStatus.Held, SessionStatus.Cancelled)] string? Status);

/// <summary>The sessions that somebody wants to load.</summary>
/// <param name="Sessions">1 to 100.</param>
/// <example>{"sessions":[{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301"}]}</example>
public sealed record ValidateSessionsRequest([Required] IReadOnlyList<ValidateSessionRequest?>? Sessions);

/// <summary>A session, and whose it should be.</summary>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301"}</example>
public sealed record ValidateSessionRequest([Required] Guid? SessionId, [Required] Guid? ClientId);

/// <summary>What can be loaded.</summary>
/// <param name="Items">In the order they were asked for.</param>
public sealed record SessionValidationResponse(IReadOnlyList<ValidatedSessionResponse> Items);

/// <summary>What there is of one session.</summary>
/// <param name="State">ready (has a transcript), no_transcript, transcript_expired, or not_found when the caller sees no such session of that client.</param>
/// <param name="HasTranscript">Whether there is one to read.</param>
/// <param name="TotalSegments">Utterances of its transcript.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","state":"ready","hasTranscript":true,"totalSegments":24}</example>
public sealed record ValidatedSessionResponse(Guid SessionId, Guid ClientId, string State, bool HasTranscript, int TotalSegments);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionSearchResponse))]
[JsonSerializable(typeof(SessionListResponse))]
[JsonSerializable(typeof(ImportedSessionResponse))]
[JsonSerializable(typeof(ImportSessionRequest))]
[JsonSerializable(typeof(CreateSessionRequest))]
[JsonSerializable(typeof(ChangeSessionRequest))]
[JsonSerializable(typeof(ValidateSessionsRequest))]
[JsonSerializable(typeof(SessionValidationResponse))]
internal sealed partial class ClinicalSessionJsonContext : JsonSerializerContext;
