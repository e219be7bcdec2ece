namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>Whether replies of a group may be kept for identical requests, for how long, and for whom.</summary>
/// <param name="TimeToLive">Null: never kept.</param>
/// <param name="Scope">Who is answered with a reply that was kept, unless a request says otherwise.</param>
/// <param name="ServesRuns">Also calls that are made for an agent's run; otherwise those that ask for it only.</param>
internal sealed record CacheSettings(TimeSpan? TimeToLive, CacheScope Scope = CacheScope.User, bool ServesRuns = false)
{
    public static readonly CacheSettings Default = new(TimeSpan.FromHours(1));

    public static readonly CacheSettings Off = new((TimeSpan?)null);

    public bool IsOn => TimeToLive is not null;
}

/// <summary>For whom a reply is kept. There is nothing wider than a practice.</summary>
internal enum CacheScope
{
    /// <summary>Whoever asked for it.</summary>
    User,

    /// <summary>Everybody of the practice who sends the same request.</summary>
    Practice,
}
