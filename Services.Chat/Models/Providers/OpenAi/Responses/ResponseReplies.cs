using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;

/// <summary>From a response and its output items to Microsoft.Extensions.AI's.</summary>
internal static class ResponseReplies
{
    public static ChatResponse ToResponse(JsonElement response)
    {
        ThrowIfFailed(response);
        var calls = new ResponseCalls();
        var message = new ChatMessage(ChatRole.Assistant, [.. response.Items("output").SelectMany(item => Contents(item, calls))]) { MessageId = response.Text("id") };

        return new(message)
        {
            ResponseId = response.Text("id"),
            ModelId = response.Text("model"),
            CreatedAt = Created(response),
            FinishReason = ToReason(response, message.Contents.Any(content => content is FunctionCallContent)),
            Usage = response.Object("usage") is { } usage ? ToUsage(usage) : null,
        };
    }

    public static void ThrowIfFailed(JsonElement response)
    {
        // {"status":"failed","error":{"code":"server_error","message":"..."}}
        if (response.Text("status") is "failed" or "cancelled")
        {
            throw Failure(response.Object("error") ?? default);
        }
    }

    public static Exception Failure(JsonElement error) => error.Text("code") switch
    {
        "rate_limit_exceeded" => ProviderErrors.Of(429, code: null),
        "server_is_overloaded" or "slow_down" => ProviderErrors.Of(503, code: null),
        "invalid_prompt" => ProviderErrors.Filtered(),
        var code => ProviderErrors.Of(500, code),
    };

    public static IEnumerable<AIContent> Contents(JsonElement item, ResponseCalls calls)
    {
        switch (item.Text("type"))
        {
            case "message":
                foreach (var part in item.Items("content"))
                {
                    if ((part.Text("text") ?? part.Text("refusal")) is { Length: > 0 } text)
                    {
                        var content = new TextContent(text);
                        Sources.Attach([content], Sources.OfMessage(part));
                        yield return content;
                    }
                }

                break;
            case "reasoning":
                yield return ToReasoning(item, Summary(item));
                break;
            default:
                if (calls.Take(item) is { } call)
                {
                    yield return call;
                }

                break;
        }
    }

    public static TextReasoningContent ToReasoning(JsonElement item, string text) => new(text)
    {
        ProtectedData = item.Text("encrypted_content"),
        AdditionalProperties = new() { [ResponseItems.ItemId] = item.Text("id") },
    };

    public static string Summary(JsonElement item) =>
        string.Join("\n\n", item.Items("summary").Concat(item.Items("content")).Select(part => part.Text("text")).OfType<string>());

    public static ChatFinishReason ToReason(JsonElement response, bool calls) =>
        response.Text("status") != "incomplete" ? calls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop
        : response.Object("incomplete_details")?.Text("reason") == "content_filter" ? ChatFinishReason.ContentFilter
        : ChatFinishReason.Length;

    public static UsageDetails ToUsage(JsonElement usage) => new()
    {
        InputTokenCount = usage.Number("input_tokens"),
        OutputTokenCount = usage.Number("output_tokens"),
        TotalTokenCount = usage.Number("total_tokens"),
        CachedInputTokenCount = usage.Object("input_tokens_details")?.Number("cached_tokens"),
        ReasoningTokenCount = usage.Object("output_tokens_details")?.Number("reasoning_tokens"),
    };

    public static DateTimeOffset? Created(JsonElement response) =>
        response.Number("created_at") is { } seconds and > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
