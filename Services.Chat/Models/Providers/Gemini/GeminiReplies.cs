using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>From a reply, whole or one chunk of a stream, to contents, a reason and usage.</summary>
internal static class GeminiReplies
{
    // {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP","index":0}],
    //  "usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":1,"totalTokenCount":5},"modelVersion":"gemini-2.5-flash","responseId":"r1"}
    public static ChatResponse ToResponse(JsonElement reply)
    {
        ThrowIfBlocked(reply);
        var message = new ChatMessage(ChatRole.Assistant, [.. Contents(reply)]) { MessageId = reply.Text("responseId") };
        var calls = message.Contents.Any(content => content is FunctionCallContent);

        return new(message)
        {
            ResponseId = reply.Text("responseId"),
            ModelId = reply.Text("modelVersion"),
            FinishReason = Reason(reply, calls) ?? throw ProviderErrors.Unreadable(),
            Usage = reply.Object("usageMetadata") is { } usage ? ToUsage(usage) : null,
        };
    }

    /// <summary>A prompt that was refused has no candidates: {"promptFeedback":{"blockReason":"SAFETY"}}.</summary>
    public static void ThrowIfBlocked(JsonElement reply)
    {
        if (reply.Object("promptFeedback")?.Text("blockReason") is not null)
        {
            throw ProviderErrors.Filtered();
        }
    }

    public static IEnumerable<AIContent> Contents(JsonElement reply)
    {
        var candidate = reply.Items("candidates").FirstOrDefault();
        var parts = candidate.Object("content")?.Items("parts").ToList() ?? [];

        if (parts.Count == 0)
        {
            // Some proxies of this wire send the text alone.
            return (candidate.Text("text") ?? reply.Text("text")) is { Length: > 0 } text ? [new TextContent(text)] : [];
        }

        return [.. parts.Select(ToContent).OfType<AIContent>(), .. Found(candidate)];
    }

    public static ChatFinishReason? Reason(JsonElement reply, bool calls) => reply.Items("candidates").FirstOrDefault().Text("finishReason") switch
    {
        null or "FINISH_REASON_UNSPECIFIED" => null,
        "MAX_TOKENS" => ChatFinishReason.Length,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "LANGUAGE" or "IMAGE_SAFETY" => ChatFinishReason.ContentFilter,

        // The model wrote a call that is none; asking again may help.
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" => throw ProviderErrors.Unreadable(),
        _ => calls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
    };

    public static UsageDetails ToUsage(JsonElement usage) => new()
    {
        InputTokenCount = Sum(usage.Number("promptTokenCount"), usage.Number("toolUsePromptTokenCount")),

        // Thoughts are paid for as output and are not among the candidates' tokens.
        OutputTokenCount = Sum(usage.Number("candidatesTokenCount"), usage.Number("thoughtsTokenCount")),
        TotalTokenCount = usage.Number("totalTokenCount"),
        CachedInputTokenCount = usage.Number("cachedContentTokenCount"),
        ReasoningTokenCount = usage.Number("thoughtsTokenCount"),
    };

    private static AIContent? ToContent(JsonElement part)
    {
        if (part.Object("functionCall") is { } call)
        {
            return Signed(
                ToolCallAssembly.ToContent(call.Text("id") ?? $"call_{Guid.CreateVersion7():N}", call.Text("name") ?? "", call.Object("args")?.GetRawText() ?? "{}"), part);
        }

        if (part.Object("inlineData") is { } data && data.Text("mimeType") is { } type && data.Text("data") is { } base64)
        {
            return new DataContent($"data:{type};base64,{base64}");
        }

        return part.Text("text") is not { } text ? null
            : part.Member("thought")?.ValueKind == JsonValueKind.True ? new TextReasoningContent(text)
            : Signed(new TextContent(text), part);
    }

    private static AIContent Signed(AIContent content, JsonElement part)
    {
        if (part.Text("thoughtSignature") is { } signature)
        {
            content.AdditionalProperties = new() { [GeminiContents.Signature] = signature };
        }

        return content;
    }

    // {"groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://...","title":"example.org"}}]}}
    private static IEnumerable<AIContent> Found(JsonElement candidate)
    {
        var sources = (candidate.Object("groundingMetadata")?.Items("groundingChunks") ?? [])
            .Select(chunk => chunk.Object("web"))
            .Where(web => Uri.TryCreate(web?.Text("uri"), UriKind.Absolute, out _))
            .Select(web => (AIAnnotation)new CitationAnnotation { Url = new(web!.Value.Text("uri")!), Title = web.Value.Text("title") })
            .ToList();
        return sources.Count == 0 ? [] : [new TextContent("") { Annotations = sources }];
    }

    private static long? Sum(long? a, long? b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0);
}
