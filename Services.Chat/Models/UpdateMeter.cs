using System.Runtime.CompilerServices;
using System.Text.Json;
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
            foreach (var content in update.Contents)
            {
                if (IsWord(content))
                {
                    call.NoteFirstToken();
                }

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

            call.Usage = (isTold ? Told(told) : null) ?? new(call.Start.InputEstimate, TokenUsage.OfCharacters(characters), IsEstimated: true);
            yield return update;
        }
    }

    /// <summary>Of a whole reply.</summary>
    public static TokenUsage Of(ModelCall call, ChatResponse reply) => (reply.Usage is { } told ? Told(told) : null)
        ?? new(call.Start.InputEstimate, TokenUsage.OfCharacters(Length(reply.Messages)), IsEstimated: true);

    /// <summary>Characters of what is said, thought, asked of tools and answered by them.</summary>
    public static long Length(IEnumerable<ChatMessage> messages) => messages.SelectMany(message => message.Contents).Sum(Length);

    public static long Length(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        TextReasoningContent reasoning => reasoning.Text.Length,
        FunctionCallContent call => call.Name.Length + (call.Arguments?.Sum(argument => argument.Key.Length + Length(argument.Value)) ?? 0),
        FunctionResultContent result => Length(result.Result),
        _ => 0,
    };

    // What a provider tells of itself comes without content, often before the model has begun.
    private static bool IsWord(AIContent content) => content switch
    {
        TextContent text => text.Text.Length > 0,
        TextReasoningContent reasoning => reasoning.Text.Length > 0,
        UsageContent => false,
        _ => true,
    };

    private static long Length(object? value) => value is JsonElement json ? json.GetRawText().Length : value?.ToString()?.Length ?? 0;

    // Null when what it tells cannot be.
    private static TokenUsage? Told(UsageDetails usage)
    {
        var (input, output) = (usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0);
        return TokenUsage.IsCount(input) && TokenUsage.IsCount(output) ? new(input, output, Part(usage.CachedInputTokenCount), Part(usage.ReasoningTokenCount)) : null;
    }

    private static long Part(long? count) => count is { } told && TokenUsage.IsCount(told) ? told : 0;
}
