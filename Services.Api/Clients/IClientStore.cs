namespace AiPlatform.Services.Api.Clients;

/// <summary>
/// The clients of a practice. <c>onlyClientId</c> is the one client the caller may see, null when it is every client of the practice.
/// </summary>
internal interface IClientStore
{
    Task<Client?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> clients by name, from after the cursor's place on.</summary>
    Task<IReadOnlyList<Client>> ListAsync(
        Guid practiceId, Guid? onlyClientId, ClientCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>Clients whose name contains every word, or whose id it is: the exact name first, then names beginning so, then the rest.</summary>
    /// <returns>The first of them, and how many there are.</returns>
    Task<(IReadOnlyList<Client> Clients, int Total)> SearchAsync(
        Guid practiceId, Guid? onlyClientId, string query, int limit, CancellationToken cancellationToken);

    /// <returns>The ids of the clients whose name contains every word; at most 1,000.</returns>
    Task<IReadOnlyList<Guid>> FindIdsAsync(Guid practiceId, string query, CancellationToken cancellationToken);

    /// <returns>The names of those of the ids that are clients of the practice.</returns>
    Task<IReadOnlyDictionary<Guid, string>> FindNamesAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
