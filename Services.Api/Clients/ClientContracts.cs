using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Clients;

/// <summary>A client as search shows them.</summary>
/// <param name="Status">active, or a state in which nobody treats them.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="DateOfBirth">The date of birth.</param>
/// <param name="SessionCount">How many sessions they had.</param>
/// <param name="LastSessionAt">When the last one began; null without any.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000301","name":"Maya Lindqvist","status":"active","pronouns":"she/her","dateOfBirth":"1990-04-12","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","sessionCount":4,"lastSessionAt":"2026-11-10T09:00:00Z"}</example>
public sealed record ClientMatchResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly DateOfBirth,
    Guid PractitionerId, string? PractitionerName, int SessionCount, DateTimeOffset? LastSessionAt);

/// <summary>The best matches, and how many there are.</summary>
public sealed record ClientSearchResponse(IReadOnlyList<ClientMatchResponse> Items, int Total);

/// <summary>A client with contact data.</summary>
/// <param name="Status">active, or a state in which nobody treats them.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="DateOfBirth">The date of birth.</param>
/// <param name="StartedAt">The day the treatment began.</param>
/// <param name="SessionCount">How many sessions they had.</param>
/// <param name="LastSessionAt">When the last one began; null without any.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000301","name":"Maya Lindqvist","status":"active","pronouns":"she/her","dateOfBirth":"1990-04-12","email":"maya.lindqvist@mail.example","phone":"+44 20 7946 0301","startedAt":"2026-08-04","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","sessionCount":4,"lastSessionAt":"2026-11-10T09:00:00Z"}</example>
public sealed record ClientResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone, DateOnly StartedAt,
    Guid PractitionerId, string? PractitionerName, int SessionCount, DateTimeOffset? LastSessionAt);

/// <summary>A page of clients by name.</summary>
public sealed record ClientListResponse(
    IReadOnlyList<ClientResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>What is known of a client at a glance.</summary>
/// <param name="Status">active, or a state in which nobody treats them.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="StartedAt">The day the treatment began.</param>
/// <param name="Practitioner">Who treats them.</param>
/// <param name="PresentingConcerns">Why they came.</param>
/// <param name="Goals">What the treatment is for.</param>
/// <param name="SessionCount">How many sessions they had.</param>
/// <param name="RecentSessions">The last five, the newest first; none when they were not asked for.</param>
/// <param name="Notes">The practitioner's working notes; null for those who treat nobody.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000301","name":"Maya Lindqvist","status":"active","pronouns":"she/her","startedAt":"2026-08-04","practitioner":{"id":"0a000000-0000-7000-8000-000000000101","name":"Nora Berg"},"presentingConcerns":"Sleeps badly before the working week.","goals":["Sleep seven hours"],"notes":"Keeps a sleep diary.","sessionCount":4,"recentSessions":[{"sessionId":"0a000000-0000-7000-8000-000000040104","title":"Sunday evenings","startedAt":"2026-11-10T09:00:00Z","durationSeconds":3000,"totalSegments":24,"hasTranscript":true}]}</example>
public sealed record ClientSummaryResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly StartedAt, ClientPractitionerResponse Practitioner,
    string PresentingConcerns, IReadOnlyList<string> Goals, string? Notes, int SessionCount,
    IReadOnlyList<RecentSessionResponse> RecentSessions);

/// <summary>Who treats a client.</summary>
/// <param name="Name">The practitioner's name; null when they are gone.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000101","name":"Nora Berg"}</example>
public sealed record ClientPractitionerResponse(Guid Id, string? Name);

/// <summary>A session as a summary shows it.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <param name="TotalSegments">Utterances of its transcript.</param>
/// <param name="HasTranscript">Whether there is one.</param>
/// <example>{"sessionId":"0a000000-0000-7000-8000-000000040104","title":"Sunday evenings","startedAt":"2026-11-10T09:00:00Z","durationSeconds":3000,"totalSegments":24,"hasTranscript":true}</example>
public sealed record RecentSessionResponse(
    Guid SessionId, string Title, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, bool HasTranscript);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ClientSearchResponse))]
[JsonSerializable(typeof(ClientListResponse))]
[JsonSerializable(typeof(ClientResponse))]
[JsonSerializable(typeof(ClientSummaryResponse))]
internal sealed partial class ClientJsonContext : JsonSerializerContext;
