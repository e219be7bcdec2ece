using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>Counts what a call uses from what passes: the provider's count, and as long as there is none, ours.</summary>
internal static class UpdateMeter
{
    public static async IAsyncEnumerable<ChatResponseUpdate> Observe(
        ModelCall call, IAsyncEnumerable<ChatResponseUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var told = new UsageDetails();
        var (isTold, characters) = (false, 0L);

        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            call.NoteFirstToken();

            foreach (var content in update.Contents)
            {
                if (content is UsageContent counted)
                {
                    told.Add(counted.Details);
                    isTold = true;
                }
                else
                {
                    characters += Length(content);
                }
            }

            call.Usage = isTold
                ? Of(told)
                : new(call.Start.InputEstimate, (characters + TokenUsage.CharactersPerToken - 1) / TokenUsage.CharactersPerToken, IsEstimated: true);
            yield return update;
        }
    }

    public static TokenUsage Of(UsageDetails? usage) => usage is null ? TokenUsage.None : new(
        usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0, usage.ReasoningTokenCount ?? 0);

    private static int Length(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        TextReasoningContent reasoning => reasoning.Text.Length,
        FunctionCallContent call => call.Name.Length + (call.Arguments?.Sum(argument => argument.Key.Length + (argument.Value?.ToString()?.Length ?? 0)) ?? 0),
        _ => 0,
    };
}
