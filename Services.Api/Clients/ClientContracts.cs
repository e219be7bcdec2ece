using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Clients;

/// <summary>A client as search shows them.</summary>
public sealed record ClientMatchResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly DateOfBirth,
    Guid PractitionerId, string? PractitionerName, int SessionCount, DateTimeOffset? LastSessionAt);

public sealed record ClientSearchResponse(IReadOnlyList<ClientMatchResponse> Items, int Total);

/// <summary>A client with contact data.</summary>
public sealed record ClientResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone, DateOnly StartedAt,
    Guid PractitionerId, string? PractitionerName, int SessionCount, DateTimeOffset? LastSessionAt);

public sealed record ClientListResponse(
    IReadOnlyList<ClientResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <param name="Notes">The practitioner's working notes; null for those who treat nobody.</param>
public sealed record ClientSummaryResponse(
    Guid Id, string Name, string Status, string Pronouns, DateOnly StartedAt, ClientPractitionerResponse Practitioner,
    string PresentingConcerns, IReadOnlyList<string> Goals, string? Notes, int SessionCount,
    IReadOnlyList<RecentSessionResponse> RecentSessions);

public sealed record ClientPractitionerResponse(Guid Id, string? Name);

public sealed record RecentSessionResponse(
    Guid SessionId, string Title, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, bool HasTranscript);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ClientSearchResponse))]
[JsonSerializable(typeof(ClientListResponse))]
[JsonSerializable(typeof(ClientResponse))]
[JsonSerializable(typeof(ClientSummaryResponse))]
internal sealed partial class ClientJsonContext : JsonSerializerContext;
