using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>From a completion to Microsoft.Extensions.AI's response, with what vendors add: reasoning, sources.</summary>
internal static class OpenAiReplies
{
    public static ChatResponse ToResponse(JsonElement completion)
    {
        if (completion.Items("choices").FirstOrDefault().Object("message") is not { } said)
        {
            throw ProviderErrors.Unreadable();
        }

        var choice = completion.Items("choices").First();
        var message = new ChatMessage(ChatRole.Assistant, [.. Contents(said)]) { MessageId = completion.Text("id") };
        var calls = said.Items("tool_calls").Select(ToCall).ToList();
        Sources.Attach(message.Contents, Sources.Of(completion).Concat(Sources.OfMessage(said)));

        foreach (var call in calls)
        {
            message.Contents.Add(call);
        }

        return new(message)
        {
            ResponseId = completion.Text("id"),
            ModelId = completion.Text("model"),
            CreatedAt = Created(completion),
            FinishReason = ToReason(choice.Text("finish_reason") ?? "stop", calls.Count > 0),
            Usage = completion.Object("usage") is { } usage ? ToUsage(usage) : null,
        };
    }

    /// <summary>What a message or a delta says: reasoning under either of its names, text, a refusal.</summary>
    public static IEnumerable<AIContent> Contents(JsonElement said)
    {
        // {"delta":{"reasoning_content":"First, "}} of DeepSeek and xAI, {"delta":{"reasoning":"First, "}} of Groq and vLLM
        if ((said.Text("reasoning_content") ?? said.Text("reasoning")) is { Length: > 0 } reasoning)
        {
            yield return new TextReasoningContent(reasoning);
        }

        if (said.Text("content") is { Length: > 0 } text)
        {
            yield return new TextContent(text);
        }

        if (said.Text("refusal") is { Length: > 0 } refusal)
        {
            yield return new TextContent(refusal);
        }
    }

    /// <summary>A model that calls tools stopped for that, also where its server says "stop".</summary>
    public static ChatFinishReason ToReason(string reason, bool calls) => reason switch
    {
        "length" => ChatFinishReason.Length,
        "content_filter" => ChatFinishReason.ContentFilter,

        // DeepSeek's word for a reply that its servers gave up.
        "insufficient_system_resource" => throw ProviderErrors.Of(503, code: null),
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        _ => calls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
    };

    public static UsageDetails ToUsage(JsonElement usage) => new()
    {
        InputTokenCount = usage.Number("prompt_tokens"),
        OutputTokenCount = usage.Number("completion_tokens"),
        TotalTokenCount = usage.Number("total_tokens"),
        CachedInputTokenCount = usage.Object("prompt_tokens_details")?.Number("cached_tokens") ?? usage.Number("prompt_cache_hit_tokens"),
        ReasoningTokenCount = usage.Object("completion_tokens_details")?.Number("reasoning_tokens"),
    };

    public static DateTimeOffset? Created(JsonElement completion) =>
        completion.Number("created") is { } seconds and > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static FunctionCallContent ToCall(JsonElement call)
    {
        var function = call.Object("function") ?? default;
        return ToolCallAssembly.ToContent(call.Text("id") ?? "", function.Text("name") ?? "", function.Text("arguments") ?? "");
    }
}
