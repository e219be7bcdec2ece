using AiPlatform.Services.Api.Http;

namespace AiPlatform.Services.Api.Clients;

/// <summary>The clients of a practice, as far as the scope goes.</summary>
internal interface IClientStore
{
    Task<Client?> FindAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(Guid practiceId, ClientScope scope, Guid id, CancellationToken cancellationToken);

    Task<IReadOnlyList<ListedClient>> ListAsync(Guid practiceId, ClientScope scope, ClientFilter filter, CancellationToken cancellationToken);

    /// <summary>The client whose id it is, or clients whose name contains every word: the exact name first, then names beginning so, then the rest.</summary>
    /// <returns>The first of them, and how many there are.</returns>
    Task<(IReadOnlyList<ListedClient> Clients, int Total)> SearchAsync(
        Guid practiceId, ClientScope scope, string query, int limit, CancellationToken cancellationToken);

    /// <returns>The ids of the clients whose name contains every word; at most 1,000.</returns>
    Task<IReadOnlyList<Guid>> FindIdsAsync(Guid practiceId, ClientScope scope, string query, CancellationToken cancellationToken);

    /// <returns>The names of those of the ids that are clients of the practice.</returns>
    Task<IReadOnlyDictionary<Guid, string>> FindNamesAsync(
        Guid practiceId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}

/// <summary>Which clients a list shows, by name or with the latest start of treatment first; what is null does not limit it.</summary>
/// <param name="PractitionerId">Their main practitioner.</param>
internal sealed record ClientFilter(string? Status, bool IncludeInactive, Guid? PractitionerId, ClientOrder Order, int Limit);

/// <summary>An order, and the place in it from which on the list goes; null for its beginning.</summary>
internal abstract record ClientOrder
{
    public sealed record ByName(NameCursor? After) : ClientOrder;

    public sealed record NewestFirst(TimeCursor? After) : ClientOrder;
}
