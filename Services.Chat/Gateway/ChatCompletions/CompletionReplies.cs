using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>Pieces of a reply in OpenAI's words, the same whole and streamed.</summary>
internal static class CompletionReplies
{
    public static CompletionReply ToReply(ChatResponse reply)
    {
        var contents = reply.Messages.SelectMany(message => message.Contents).ToList();
        var calls = contents.OfType<FunctionCallContent>().Select(ToCall).ToList();
        var reasoning = string.Concat(contents.OfType<TextReasoningContent>().Select(content => content.Text));
        var annotations = contents.SelectMany(ToAnnotations).ToList();

        return new(
            "assistant",
            reply.Text.Length > 0 || calls.Count == 0 ? reply.Text : null,
            calls.Count > 0 ? calls : null,
            reasoning.Length > 0 ? reasoning : null,
            annotations.Count > 0 ? annotations : null);
    }

    public static CompletionToolCall ToCall(FunctionCallContent call) => new(call.CallId, "function", new(call.Name, ArgumentsOf(call)), CallExtras.Of(call));

    public static string ArgumentsOf(FunctionCallContent call) => WireValues.ToText(call.Arguments);

    public static IEnumerable<CompletionAnnotation> ToAnnotations(AIContent content) => (content.Annotations ?? [])
        .OfType<CitationAnnotation>()
        .Where(source => source.Url is not null)
        .Select(source => new CompletionAnnotation("url_citation", new(source.Url!.AbsoluteUri, source.Title ?? "", 0, 0)));

    public static string ToReason(ChatFinishReason? reason, bool calls) => reason?.Value is null or "stop" ? calls ? "tool_calls" : "stop" : reason.Value.Value;

    public static CompletionUsage ToUsage(UsageDetails? usage)
    {
        var input = usage?.InputTokenCount ?? 0;
        var output = usage?.OutputTokenCount ?? 0;
        return new(
            input,
            output,
            usage?.TotalTokenCount ?? input + output,
            usage?.CachedInputTokenCount is { } cached ? new(cached) : null,
            usage?.ReasoningTokenCount is { } reasoning ? new(reasoning) : null);
    }
}
