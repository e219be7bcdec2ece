namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>What somebody may ask of models in all, whichever replica they ask; null where nothing is limited.</summary>
internal sealed record CallerLimits(int? RequestsPerMinute = null, int? TokensPerMinute = null, int? Concurrency = null)
{
    public static readonly CallerLimits None = new();
}
