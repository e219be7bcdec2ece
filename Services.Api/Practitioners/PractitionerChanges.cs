using AiPlatform.Services.Api.Data;

namespace AiPlatform.Services.Api.Practitioners;

internal sealed record ChangedPractitioner(Guid Id, string Name, string Email, string Phone, bool Active, DateTimeOffset UpdatedAt);

/// <summary>The practitioners of a practice by their last change.</summary>
internal sealed class PractitionerChanges(ChangeReader reader)
{
    private static readonly ChangeSource Source = new("practitioners", "id, name, email, phone, active, updated_at", ClientColumn: null);

    public Task<IReadOnlyList<ChangedPractitioner>> ListAsync(Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken) =>
        reader.ListAsync<ChangedPractitioner>(Source, practiceId, filter, cancellationToken);

    public Task<int> CountAsync(Guid practiceId, ChangeFilter filter, CancellationToken cancellationToken) =>
        reader.CountAsync(Source, practiceId, filter, cancellationToken);
}
