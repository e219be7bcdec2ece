using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Api.ClinicalSessions.Import;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>A clinical session.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <param name="TotalSegments">Utterances of its transcript.</param>
/// <param name="AverageConfidence">How sure the recogniser was, 0 to 1; null when it did not say.</param>
/// <param name="HasTranscript">Whether there is one.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","clientName":"Maya Lindqvist","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","title":"Sunday evenings","startedAt":"2026-11-10T09:00:00Z","durationSeconds":3000,"totalSegments":1,"averageConfidence":0.93,"hasTranscript":true,"segments":[{"index":0,"speaker":"client","start":"00:00:20","startSeconds":20,"text":"It is fine."}]}</example>
public sealed record SessionResponse(
    Guid SessionId, Guid ClientId, string? ClientName, Guid PractitionerId, string? PractitionerName, string Title,
    DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, double? AverageConfidence, bool HasTranscript)
{
    /// <summary>Only there when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SegmentResponse>? Segments { get; init; }
}

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

/// <summary>The session that an import made.</summary>
/// <param name="TotalSegments">Utterances of its transcript.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","title":"Sunday evenings","totalSegments":1,"durationSeconds":20}</example>
public sealed record ImportedSessionResponse(Guid SessionId, Guid ClientId, string Title, int TotalSegments, int DurationSeconds);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionSearchResponse))]
[JsonSerializable(typeof(ImportedSessionResponse))]
[JsonSerializable(typeof(ImportSessionRequest))]
internal sealed partial class ClinicalSessionJsonContext : JsonSerializerContext;
