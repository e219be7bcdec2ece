namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>Tokens of one call, as the provider counted them.</summary>
/// <param name="CachedInput">The part of <paramref name="Input"/> that the provider had in its own cache.</param>
/// <param name="Reasoning">The part of <paramref name="Output"/> that was thinking.</param>
/// <param name="IsEstimated">The provider did not count, or was cut off before it could: counted from characters, four to a token.</param>
internal sealed record TokenUsage(long Input, long Output, long CachedInput = 0, long Reasoning = 0, bool IsEstimated = false)
{
    public const int CharactersPerToken = 4;

    // A thousand times what any model reads at once.
    private const long Most = 1_000_000_000;

    public static readonly TokenUsage None = new(0, 0);

    public long Total => Input + Output;

    /// <summary>Whether a provider's number can be a count of tokens: there are servers that send -1, or what an overflow left, for not knowing.</summary>
    public static bool IsCount(long number) => number is >= 0 and <= Most;

    public static long OfCharacters(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => new(
        left.Input + right.Input, left.Output + right.Output, left.CachedInput + right.CachedInput, left.Reasoning + right.Reasoning, left.IsEstimated || right.IsEstimated);
}
