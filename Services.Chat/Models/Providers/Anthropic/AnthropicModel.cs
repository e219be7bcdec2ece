using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Anthropic;

/// <summary>How a model of Anthropic's wants to be asked, by its name.</summary>
/// <param name="TakesSampling">Models up to 4.5 take temperature, top_p and top_k; later ones refuse them.</param>
internal sealed partial record AnthropicModel(string Id, bool Reasons, AnthropicThinkingMode Thinking, bool TakesSampling)
{
    /// <summary>The wire demands a bound on every call; this one holds where the caller gives none.</summary>
    public const int DefaultMaxTokens = 4096;

    public static AnthropicModel Of(ModelEndpoint endpoint)
    {
        var early = Early().IsMatch(endpoint.ModelId);
        return new(endpoint.ModelId, ModelTraits.Of(endpoint).Reasons, early ? AnthropicThinkingMode.Extended : AnthropicThinkingMode.Adaptive, early);
    }

    // claude-3-7-sonnet-20250219, claude-opus-4-20250514, claude-sonnet-4-5-20250929, claude-haiku-4-5
    [GeneratedRegex("claude-(3|(opus|sonnet|haiku)-4(-[0-5])?(-[0-9]{8}|-latest)?$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Early();
}
