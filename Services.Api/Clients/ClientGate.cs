using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Clients;

/// <summary>The one place that says which clients a caller may see; every feature whose records belong to clients asks here.</summary>
internal sealed class ClientGate(IClientStore clients, PracticeClock clock)
{
    public async ValueTask<ClientScope> ScopeOfAsync(CurrentUser user, CancellationToken cancellationToken) => user switch
    {
        { Role: UserRole.Owner or UserRole.Admin or UserRole.Reception or UserRole.Service } => ClientScope.WholePractice,
        { Role: UserRole.Practitioner, ProfileId: { } practitionerId } =>
            ClientScope.TreatedBy(practitionerId, await clock.TodayAsync(user.PracticeId, cancellationToken)),
        { Role: UserRole.Client, ClientId: { } clientId } => ClientScope.Only(clientId),
        _ => ClientScope.Nobody,
    };

    /// <returns>Null when there is no such client, or the caller may not see them.</returns>
    public async Task<Client?> FindAsync(CurrentUser user, Guid clientId, CancellationToken cancellationToken) =>
        await clients.FindAsync(user.PracticeId, await ScopeOfAsync(user, cancellationToken), clientId, cancellationToken);

    /// <returns><see langword="false"/> also when there is no such client in the practice.</returns>
    public async Task<bool> SeesAsync(CurrentUser user, Guid clientId, CancellationToken cancellationToken) =>
        await clients.ExistsAsync(user.PracticeId, await ScopeOfAsync(user, cancellationToken), clientId, cancellationToken);
}
