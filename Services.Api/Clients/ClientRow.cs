using System.Text.Json;

namespace AiPlatform.Services.Api.Clients;

/// <summary>A client as the table has them: the goals as JSON.</summary>
internal sealed record ClientRow(
    Guid Id, Guid PractitionerId, string Name, string Status, string Pronouns, DateOnly DateOfBirth, string Email, string Phone,
    DateOnly StartedAt, string PresentingConcerns, string Goals, string Notes, int Version)
{
    public const string Columns =
        "id, practitioner_id, name, status, pronouns, date_of_birth, email, phone, started_at, presenting_concerns, goals, notes, version";

    public static ClientRow From(Client from) =>
        new(from.Id, from.PractitionerId, from.Name, from.Status, from.Pronouns, from.DateOfBirth, from.Email, from.Phone, from.StartedAt,
            from.PresentingConcerns, JsonSerializer.Serialize(from.Goals, ClientJsonContext.Default.IReadOnlyListString), from.Notes, from.Version);

    public Client ToClient() =>
        new(Id, PractitionerId, Name, Status, Pronouns, DateOfBirth, Email, Phone, StartedAt, PresentingConcerns,
            JsonSerializer.Deserialize(Goals, ClientJsonContext.Default.IReadOnlyListString) ?? [], Notes, Version);
}
