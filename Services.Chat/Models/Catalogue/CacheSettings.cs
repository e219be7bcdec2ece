namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>Whether replies of a group may be kept for identical requests, and for how long.</summary>
/// <param name="TimeToLive">Null: never kept.</param>
internal sealed record CacheSettings(TimeSpan? TimeToLive)
{
    public static readonly CacheSettings Default = new(TimeSpan.FromHours(1));

    public static readonly CacheSettings Off = new((TimeSpan?)null);

    public bool IsOn => TimeToLive is not null;
}
