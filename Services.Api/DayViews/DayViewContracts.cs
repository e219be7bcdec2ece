using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.DayViews;

/// <summary>The day of a practitioner.</summary>
/// <param name="TimeZone">The one asked for.</param>
/// <param name="Date">The day in the time zone asked for.</param>
/// <param name="DayStart">The first moment of that day.</param>
/// <param name="DayEnd">The first moment of the next: 23 or 25 hours later where the clocks change.</param>
/// <param name="Sessions">Of that day, whatever became of them, in their order; the first 200.</param>
/// <param name="NextSession">The next one that is planned, also after today; null when there is none.</param>
/// <param name="AwaitingFeedback">Clients who submitted homework that nobody has said anything to.</param>
/// <example>{"practitionerId":"0a000000-0000-7000-8000-000000000101","date":"2026-11-20","timeZone":"Europe/London","dayStart":"2026-11-20T00:00:00+00:00","dayEnd":"2026-11-21T00:00:00+00:00","sessions":[{"sessionId":"0a000000-0000-7000-8000-000000040104","clientId":"0a000000-0000-7000-8000-000000000301","clientName":"Maya Lindqvist","title":"Sunday evenings","startedAt":"2026-11-20T09:00:00+00:00","durationSeconds":3000,"status":"held","hasTranscript":true}],"nextSession":null,"awaitingFeedback":{"clients":1,"results":2,"items":[{"clientId":"0a000000-0000-7000-8000-000000000301","clientName":"Maya Lindqvist","results":2,"since":"2026-11-18T17:00:00+00:00"}]}}</example>
public sealed record DayViewResponse(
    Guid PractitionerId, DateOnly Date, string TimeZone, DateTimeOffset DayStart, DateTimeOffset DayEnd, IReadOnlyList<DaySessionResponse> Sessions,
    DaySessionResponse? NextSession, AwaitingFeedbackResponse AwaitingFeedback);

/// <summary>A session as a day shows it.</summary>
/// <param name="StartedAt">With the offset of the time zone asked for.</param>
/// <param name="DurationSeconds">How long it is planned or was.</param>
/// <param name="Status">planned, held or cancelled.</param>
/// <param name="HasTranscript">Whether there is one to read.</param>
public sealed record DaySessionResponse(
    Guid SessionId, Guid ClientId, string? ClientName, string Title, DateTimeOffset StartedAt, int DurationSeconds, string Status, bool HasTranscript);

/// <summary>Who waits for feedback.</summary>
/// <param name="Clients">How many.</param>
/// <param name="Results">How many submissions of theirs.</param>
/// <param name="Items">Who waits longest first; the first 50.</param>
public sealed record AwaitingFeedbackResponse(int Clients, int Results, IReadOnlyList<AwaitingClientResponse> Items);

/// <summary>A client who waits for feedback.</summary>
/// <param name="Results">How many submissions of theirs.</param>
/// <param name="Since">When the oldest of the submissions came.</param>
public sealed record AwaitingClientResponse(Guid ClientId, string? ClientName, int Results, DateTimeOffset Since);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DayViewResponse))]
internal sealed partial class DayViewJsonContext : JsonSerializerContext;
