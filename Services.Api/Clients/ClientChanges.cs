using AiPlatform.Services.Api.Data;

namespace AiPlatform.Services.Api.Clients;

/// <summary>What other programs may know of a client: no concerns, goals or notes.</summary>
internal sealed record ChangedClient(
    Guid Id, Guid PractitionerId, string Name, string Status, DateOnly DateOfBirth, string Email, string Phone, DateTimeOffset UpdatedAt);

/// <summary>The clients of a practice by their last change.</summary>
internal sealed class ClientChanges(ChangeReader reader)
{
    private static readonly ChangeSource Source = new(
        "clients", "id, practitioner_id, name, status, date_of_birth, email, phone, updated_at", ClientColumn: "id");

    public Task<IReadOnlyList<ChangedClient>> ListAsync(Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken) =>
        reader.ListAsync<ChangedClient>(Source, practiceId, filter, cancellationToken);

    public Task<int> CountAsync(Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken) =>
        reader.CountAsync(Source, practiceId, filter, cancellationToken);
}
