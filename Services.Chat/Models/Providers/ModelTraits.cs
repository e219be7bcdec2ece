using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models.Providers;

/// <summary>What an adapter has to know of a model to ask it rightly. The catalogue's word counts; where it says nothing, the model's name.</summary>
/// <param name="Reasons">It thinks before it answers and takes an effort for that.</param>
internal sealed partial record ModelTraits(bool Reasons)
{
    public static ModelTraits Of(ModelEndpoint endpoint) => Of(endpoint.Reasons, endpoint.ModelId);

    /// <param name="reasons">The catalogue's word; null when it says nothing.</param>
    public static ModelTraits Of(bool? reasons, string modelId) => new(reasons ?? Reasoning().IsMatch(modelId));

    [GeneratedRegex(
        "^(o[1-9]|gpt-5|gpt-oss|openai/gpt-oss|grok-3-mini|grok-4|deepseek-reasoner|deepseek-r1|sonar-reasoning|sonar-deep|qwen/?qwen3|gemini-(2[.]5|[3-9])|claude-(3-7|(opus|sonnet|haiku|fable)-[4-9]))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reasoning();
}
