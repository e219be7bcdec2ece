using static AiPlatform.Services.Chat.Models.Catalogue.ParameterRules;

namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>
/// The vendors we know by name. What is dropped is what their documentation says they answer with an error; what they merely
/// ignore is sent on as it came.
/// </summary>
internal static class Vendors
{
    // o-series and GPT-5: "max_tokens is not supported with this model", and the sampling parameters are fixed.
    private static readonly ParameterRules OpenAiReasoning = Renaming("max_tokens", "max_completion_tokens").With(
        Dropping("temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias"));

    public static readonly Vendor OpenAi = new("openai") { BaseUrl = new("https://api.openai.com/v1"), NeedsKey = true, ReasoningParameters = OpenAiReasoning };

    public static readonly Vendor Azure = new("azure") { NeedsKey = true, KeyHeader = "api-key", HasDeployments = true, ReasoningParameters = OpenAiReasoning };

    // "The parameters presencePenalty, frequencyPenalty and stop are not supported by reasoning models."
    public static readonly Vendor XAi = new("xai")
    {
        BaseUrl = new("https://api.x.ai/v1"),
        NeedsKey = true,
        Parameters = Dropping("logit_bias", "store", "metadata"),
        ReasoningParameters = Dropping("presence_penalty", "frequency_penalty", "stop"),
    };

    // "Currently not supported and will result in a 400 error: logprobs, logit_bias, top_logprobs, messages[].name."
    public static readonly Vendor Groq = new("groq")
    {
        BaseUrl = new("https://api.groq.com/openai/v1"),
        NeedsKey = true,
        Parameters = Dropping("logprobs", "logit_bias", "top_logprobs", "messages[].name", "store", "metadata"),
    };

    // The reasoner answers logprobs with an error and ignores the sampling parameters.
    public static readonly Vendor DeepSeek = new("deepseek")
    {
        BaseUrl = new("https://api.deepseek.com/v1"),
        NeedsKey = true,
        Parameters = Renaming("max_completion_tokens", "max_tokens"),
        ReasoningParameters = Dropping("logprobs", "top_logprobs"),
    };

    public static readonly Vendor Perplexity = new("perplexity")
    {
        BaseUrl = new("https://api.perplexity.ai"),
        NeedsKey = true,
        TakesStreamOptions = false,
        Parameters = Renaming("max_completion_tokens", "max_tokens").With(Dropping(
            "stream_options", "n", "seed", "stop", "user", "logit_bias", "logprobs", "top_logprobs", "parallel_tool_calls", "store", "metadata", "service_tier")),
    };

    public static readonly Vendor Ollama = new("ollama") { BaseUrl = new("http://localhost:11434/v1"), Parameters = Renaming("max_completion_tokens", "max_tokens") };

    public static readonly Vendor VLlm = new("vllm");

    /// <summary>A server that is none of these gets requests as they come.</summary>
    public static readonly Vendor Other = new("other");

    public static readonly IReadOnlyList<Vendor> All = [OpenAi, Azure, XAi, Groq, DeepSeek, Perplexity, Ollama, VLlm, Other];

    public static Vendor? Find(string name) => All.FirstOrDefault(vendor => vendor.Name == name);

    /// <summary>The vendor whose own address this is; <see cref="Other"/> for every other one.</summary>
    public static Vendor At(Uri baseUrl) =>
        baseUrl.Host.EndsWith(".openai.azure.com", StringComparison.OrdinalIgnoreCase) ? Azure
        : All.FirstOrDefault(vendor => vendor is { BaseUrl: { IsLoopback: false } own } && string.Equals(own.Host, baseUrl.Host, StringComparison.OrdinalIgnoreCase)) ?? Other;
}
