using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.Data;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>Clients as other programs read them: who asks for one by id is recorded as in the native route, also when a search does it.</summary>
internal sealed class FhirPatients(ClientGate gate, ClientChanges clients, AuditQueue audit, TimeProvider timeProvider)
{
    public async Task<IReadOnlyList<ChangedClient>> ListAsync(CurrentUser user, ChangeFilter filter, CancellationToken cancellationToken)
    {
        var found = await clients.ListAsync(user.PracticeId, filter, cancellationToken);
        var asked = filter.Ids is null ? [] : found.Take(filter.Limit - 1).Select(client => client.Id);
        foreach (var id in asked)
        {
            await RecordAsync(user, id, AuditOutcomes.Success, cancellationToken);
        }

        return found;
    }

    public async Task<ChangedClient?> FindAsync(CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        var client = (await clients.ListAsync(user.PracticeId, new() { Scope = scope, Ids = [id] }, cancellationToken)).SingleOrDefault();
        await RecordAsync(user, id, client is null ? AuditOutcomes.Refused : AuditOutcomes.Success, cancellationToken);
        return client;
    }

    private ValueTask RecordAsync(CurrentUser user, Guid id, string outcome, CancellationToken cancellationToken) => audit.RecordAsync(
        user.PracticeId, AuditEntry.By(user, AuditActions.ClientRead, AuditRecords.Client, id, timeProvider.GetUtcNow(), outcome), cancellationToken);
}
