using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Clients;

/// <summary>A client as search shows them.</summary>
/// <param name="Status">new, active, paused or inactive.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="DateOfBirth">The date of birth.</param>
/// <param name="SessionCount">How many sessions they had.</param>
/// <param name="LastSessionAt">When the last one began; null without any.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000301","name":"Maya Lindqvist","status":"active","pronouns":"she/her","dateOfBirth":"1990-04-12","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","sessionCount":4,"lastSessionAt":"2026-11-10T09:00:00Z"}</example>
public sealed record ClientMatchResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly DateOfBirth,
    Guid PractitionerId, string? PractitionerName, int SessionCount, DateTimeOffset? LastSessionAt)
{
    /// <summary>Who they are; with detail=full, unless they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClientDemographicsResponse? Demographics { get; init; }

    /// <summary>Their homework in figures; with detail=full, unless they were not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClientAssignmentsResponse? Assignments { get; init; }

    /// <summary>When something last happened; with detail=full.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClientActivityResponse? RecentActivity { get; init; }
}

/// <summary>Who a client is, and how to reach them.</summary>
/// <param name="Age">In years, today.</param>
/// <param name="DateOfBirth">The date of birth.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="StartedAt">The day the treatment began.</param>
/// <example>{"age":37,"dateOfBirth":"1989-04-17","pronouns":"she/her","email":"maya.lindqvist@mail.example","phone":"+44 20 7946 0301","startedAt":"2026-06-02"}</example>
public sealed record ClientDemographicsResponse(
    int Age, DateOnly DateOfBirth, string Pronouns, string Email, string Phone, DateOnly StartedAt);

/// <summary>The homework of a client in figures.</summary>
/// <param name="Total">Everything they were given.</param>
/// <param name="Active">Still wanted, and in time.</param>
/// <param name="Completed">Submitted as often as it was wanted.</param>
/// <param name="Expired">Still wanted, and past its time.</param>
/// <param name="Cancelled">Wanted no more.</param>
/// <param name="Submissions">How often they submitted something.</param>
/// <example>{"total":5,"active":2,"completed":1,"expired":1,"cancelled":1,"submissions":4}</example>
public sealed record ClientAssignmentsResponse(int Total, int Active, int Completed, int Expired, int Cancelled, int Submissions);

/// <summary>When something last happened; null for never.</summary>
/// <param name="LastActivityAt">The latest of all of these.</param>
/// <param name="LastSessionAt">When the last session began.</param>
/// <param name="LastAssignedAt">When they were last given homework.</param>
/// <param name="LastSubmittedAt">When they last submitted some.</param>
/// <param name="LastMoodAt">When they last said how they are; null for reception, which sees no moods.</param>
/// <example>{"lastActivityAt":"2026-11-30T09:00:00Z","lastSessionAt":"2026-11-10T09:00:00Z","lastAssignedAt":"2026-11-10T09:50:00Z","lastSubmittedAt":null,"lastMoodAt":"2026-11-30T09:00:00Z"}</example>
public sealed record ClientActivityResponse(
    DateTimeOffset? LastActivityAt, DateTimeOffset? LastSessionAt, DateTimeOffset? LastAssignedAt, DateTimeOffset? LastSubmittedAt,
    DateTimeOffset? LastMoodAt);

/// <summary>The best matches, and how many there are.</summary>
public sealed record ClientSearchResponse(IReadOnlyList<ClientMatchResponse> Items, int Total);

/// <summary>A client with contact data, as the list shows them.</summary>
/// <param name="Status">new, active, paused or inactive.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="DateOfBirth">The date of birth.</param>
/// <param name="StartedAt">The day the treatment began.</param>
/// <param name="SessionCount">How many sessions they had.</param>
/// <param name="LastSessionAt">When the last one began; null without any.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000301","name":"Maya Lindqvist","status":"active","pronouns":"she/her","dateOfBirth":"1990-04-12","email":"maya.lindqvist@mail.example","phone":"+44 20 7946 0301","startedAt":"2026-08-04","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","sessionCount":4,"lastSessionAt":"2026-11-10T09:00:00Z"}</example>
public sealed record ClientResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone, DateOnly StartedAt,
    Guid PractitionerId, string? PractitionerName, int SessionCount, DateTimeOffset? LastSessionAt);

/// <summary>A page of clients.</summary>
public sealed record ClientListResponse(
    IReadOnlyList<ClientResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>
/// Everything of a client that is written. Name and day of birth must be there; practitionerId, status and startedAt stay as they are when absent,
/// and for a new client are the practitioner who writes, new, and today. Everything else that is absent becomes empty.
/// </summary>
/// <param name="Status">new, active, paused or inactive.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="DateOfBirth">The date of birth.</param>
/// <param name="StartedAt">The day the treatment begins.</param>
/// <param name="PractitionerId">The main practitioner. Another one takes over the care relation today.</param>
/// <param name="PresentingConcerns">Why they came.</param>
/// <param name="Goals">What the treatment is for; at most 20.</param>
/// <param name="Notes">Not for reception, which leaves them as they are.</param>
/// <example>{"name":"Maya Lindqvist","status":"active","pronouns":"she/her","dateOfBirth":"1989-04-17","email":"maya.lindqvist@mail.example","phone":"+44 20 7946 0301","startedAt":"2026-06-02","practitionerId":"0a000000-0000-7000-8000-000000000101","presentingConcerns":"Sleeps badly before the working week.","goals":["Sleep seven hours"],"notes":"Keeps a sleep diary."}</example>
public sealed record ClientRecordRequest(
    [Required] string? Name, [AllowedValues(null, "new", "active", "paused", "inactive")] string? Status, string? Pronouns, [Required] DateOnly? DateOfBirth, string? Email, string? Phone, DateOnly? StartedAt, Guid? PractitionerId,
    string? PresentingConcerns, IReadOnlyList<string?>? Goals, string? Notes);

/// <summary>A client with everything that is written of them.</summary>
/// <param name="Status">new, active, paused or inactive.</param>
/// <param name="Pronouns">As the client says them.</param>
/// <param name="DateOfBirth">The date of birth.</param>
/// <param name="StartedAt">The day the treatment began.</param>
/// <param name="PractitionerId">The main practitioner; the care relations have everybody who treats them.</param>
/// <param name="SessionCount">How many sessions they had.</param>
/// <param name="LastSessionAt">When the last one began; null without any.</param>
/// <param name="PresentingConcerns">Why they came.</param>
/// <param name="Goals">What the treatment is for.</param>
/// <param name="Notes">The practitioner's working notes; null for those who treat nobody.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000301","name":"Maya Lindqvist","status":"active","pronouns":"she/her","dateOfBirth":"1989-04-17","email":"maya.lindqvist@mail.example","phone":"+44 20 7946 0301","startedAt":"2026-06-02","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","sessionCount":4,"lastSessionAt":"2026-11-10T09:00:00Z","presentingConcerns":"Sleeps badly before the working week.","goals":["Sleep seven hours"],"notes":"Keeps a sleep diary."}</example>
public sealed record ClientRecordResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone, DateOnly StartedAt,
    Guid PractitionerId, string? PractitionerName, int SessionCount, DateTimeOffset? LastSessionAt,
    string PresentingConcerns, IReadOnlyList<string> Goals, string? Notes);

/// <summary>What is known of a client at a glance.</summary>
/// <param name="Status">new, active, paused or inactive.</param>
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
[JsonSerializable(typeof(ClientRecordRequest))]
[JsonSerializable(typeof(ClientRecordResponse))]
[JsonSerializable(typeof(ClientSummaryResponse))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ClientJsonContext : JsonSerializerContext;
