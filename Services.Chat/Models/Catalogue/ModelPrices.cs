using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>
/// What a model costs, in USD for <see cref="PerTokens"/> tokens. The unit is always said: price lists come in both, and the wrong one
/// is a factor of a thousand.
/// </summary>
/// <param name="PerTokens">1,000 or 1,000,000.</param>
/// <param name="CachedInput">For input that the provider had in its own cache; null costs as any input.</param>
internal sealed record ModelPrices(decimal Input, decimal Output, int PerTokens, decimal? CachedInput = null)
{
    public const int Thousand = 1_000;
    public const int Million = 1_000_000;

    public decimal CostOf(TokenUsage usage)
    {
        var cached = Math.Min(usage.CachedInput, usage.Input);
        return (((usage.Input - cached) * Input) + (cached * (CachedInput ?? Input)) + (usage.Output * Output)) / PerTokens;
    }
}
