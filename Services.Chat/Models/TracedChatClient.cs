using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>Wraps each call of a group's client in a span.</summary>
internal sealed class TracedChatClient(ModelGroup group, IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var activity = ModelTelemetry.StartChat(group);

        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            ModelTelemetry.Complete(activity, response.FinishReason, response.ModelId, response.Usage ?? new());
            return response;
        }
        catch (Exception exception)
        {
            ModelTelemetry.Fail(activity, exception);
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var activity = ModelTelemetry.StartChat(group);
        var usage = new UsageDetails();
        ChatFinishReason? reason = null;
        string? model = null;

        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);

        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    break;
                }
            }
            catch (Exception exception)
            {
                ModelTelemetry.Fail(activity, exception);
                throw;
            }

            foreach (var counted in updates.Current.Contents.OfType<UsageContent>())
            {
                usage.Add(counted.Details);
            }

            reason = updates.Current.FinishReason ?? reason;
            model = updates.Current.ModelId ?? model;
            yield return updates.Current;
        }

        ModelTelemetry.Complete(activity, reason, model, usage);
    }
}
