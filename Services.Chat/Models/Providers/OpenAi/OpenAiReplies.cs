using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

internal static class OpenAiReplies
{
    public static ChatResponse ToResponse(ChatCompletion completion)
    {
        var message = new ChatMessage(ChatRole.Assistant, [.. completion.Content.Where(part => !string.IsNullOrEmpty(part.Text)).Select(part => new TextContent(part.Text))])
        {
            MessageId = completion.Id,
        };

        if (completion.Refusal is { Length: > 0 } refusal)
        {
            message.Contents.Add(new TextContent(refusal));
        }

        foreach (var call in completion.ToolCalls)
        {
            message.Contents.Add(ToolCallAssembly.ToContent(call.Id, call.FunctionName, call.FunctionArguments.ToString()));
        }

        return new(message)
        {
            ResponseId = completion.Id,
            ModelId = completion.Model,
            CreatedAt = completion.CreatedAt,
            FinishReason = ToReason(completion.FinishReason),
            Usage = completion.Usage is { } usage ? ToUsage(usage) : null,
        };
    }

    public static ChatResponseUpdate ToUpdate(StreamingChatCompletionUpdate chunk)
    {
        var update = new ChatResponseUpdate
        {
            Role = ChatRole.Assistant,
            ResponseId = chunk.CompletionId,
            MessageId = chunk.CompletionId,
            ModelId = chunk.Model,
            CreatedAt = chunk.CreatedAt,
            FinishReason = chunk.FinishReason is { } reason ? ToReason(reason) : null,
        };

        foreach (var text in chunk.ContentUpdate.Select(part => part.Text).Append(chunk.RefusalUpdate).Where(text => !string.IsNullOrEmpty(text)))
        {
            update.Contents.Add(new TextContent(text));
        }

        if (chunk.Usage is { } usage)
        {
            update.Contents.Add(new UsageContent(ToUsage(usage)));
        }

        return update;
    }

    private static ChatFinishReason ToReason(OpenAI.Chat.ChatFinishReason reason) => reason switch
    {
        OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        OpenAI.Chat.ChatFinishReason.ToolCalls or OpenAI.Chat.ChatFinishReason.FunctionCall => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };

    private static UsageDetails ToUsage(ChatTokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokenCount,
        OutputTokenCount = usage.OutputTokenCount,
        TotalTokenCount = usage.TotalTokenCount,
        CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
        ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
    };
}
