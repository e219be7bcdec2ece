using AiPlatform.Services.Chat.Models;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>One call of the model, streamed to the run's frames as it comes.</summary>
internal static class ModelRound
{
    public static async Task<ChatResponse> StreamAsync(
        IChatClient model, IReadOnlyList<ChatMessage> messages, ChatOptions options, UsageMeter meter, RunFrames frames, CancellationToken cancellationToken)
    {
        frames.BeginRound();
        meter.BeginRound(messages);
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in model.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
            meter.Observe(update);
            frames.Used(meter.SoFar);

            foreach (var told in ProviderEvent.In(update))
            {
                await frames.ToldAsync(told, cancellationToken);
            }

            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case TextReasoningContent reasoning:
                        await frames.ReasoningAsync(reasoning.Text, cancellationToken);
                        break;
                    case TextContent text:
                        await frames.TextAsync(text.Text, cancellationToken);
                        break;
                    default:
                        break;
                }
            }
        }

        return updates.ToChatResponse();
    }
}
