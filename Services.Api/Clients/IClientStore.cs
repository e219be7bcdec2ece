namespace AiPlatform.Services.Api.Clients;

/// <summary>The clients of a practice, as far as the scope goes.</summary>
internal interface IClientStore
{
    Task<Client?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> clients by name, from after the cursor's place on.</summary>
    Task<IReadOnlyList<Client>> ListAsync(
        Guid practiceId, ClientScope scope, ClientCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>Clients whose name contains every word, or whose id it is: the exact name first, then names beginning so, then the rest.</summary>
    /// <returns>The first of them, and how many there are.</returns>
    Task<(IReadOnlyList<Client> Clients, int Total)> SearchAsync(
        Guid practiceId, ClientScope scope, string query, int limit, CancellationToken cancellationToken);

    /// <returns>The ids of the clients whose name contains every word; at most 1,000.</returns>
    Task<IReadOnlyList<Guid>> FindIdsAsync(Guid practiceId, ClientScope scope, string query, CancellationToken cancellationToken);

    /// <returns>The names of those of the ids that are clients of the practice.</returns>
    Task<IReadOnlyDictionary<Guid, string>> FindNamesAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
