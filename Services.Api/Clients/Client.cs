namespace AiPlatform.Services.Api.Clients;

/// <summary>Who is treated.</summary>
/// <param name="PractitionerId">The main practitioner; <c>care_relations</c> has everybody who treats them.</param>
internal sealed record Client(
    Guid Id, Guid PractitionerId, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone,
    DateOnly StartedAt, string PresentingConcerns, IReadOnlyList<string> Goals, string Notes, int Version);

/// <summary>A client as lists show them: without what is long, with the name of their main practitioner.</summary>
/// <param name="PractitionerName">Null when they are not there.</param>
internal sealed record ListedClient(
    Guid Id, Guid PractitionerId, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone, DateOnly StartedAt,
    string? PractitionerName);

/// <summary>How far a client's treatment is, on the wire and in the table.</summary>
internal static class ClientStatus
{
    public const string New = "new";
    public const string Active = "active";
    public const string Paused = "paused";

    /// <summary>Not treated any more; lists leave them out unless they are asked for.</summary>
    public const string Inactive = "inactive";
}
