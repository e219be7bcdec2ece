using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>A group as one <see cref="IChatClient"/>: each call is let in, sent to an endpoint and settled as its caller's.</summary>
internal sealed class RoutedChatClient(ModelGroup group, ModelCaller caller, ProviderClients clients, ModelCalls calls) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var sent = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        using var call = await BeginAsync(sent, options, streams: false, cancellationToken);

        try
        {
            var response = await Pick(call).GetResponseAsync(sent, options, cancellationToken);
            call.NoteFirstToken();
            call.Usage = ToUsage(response.Usage);
            call.End(ModelCallOutcome.Complete);
            return response;
        }
        catch (Exception exception)
        {
            call.Fail(exception, hasReplied: false, cancellationToken);
            throw;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sent = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        using var call = await BeginAsync(sent, options, streams: true, cancellationToken);
        var usage = new UsageDetails();
        var hasReplied = false;

        await using var updates = Pick(call).GetStreamingResponseAsync(sent, options, cancellationToken).GetAsyncEnumerator(cancellationToken);

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
                call.Fail(exception, hasReplied, cancellationToken);
                throw;
            }

            call.NoteFirstToken();
            hasReplied = true;

            foreach (var counted in updates.Current.Contents.OfType<UsageContent>())
            {
                usage.Add(counted.Details);
                call.Usage = ToUsage(usage);
            }

            yield return updates.Current;
        }

        call.End(ModelCallOutcome.Complete);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private ValueTask<ModelCall> BeginAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, bool streams, CancellationToken cancellationToken) => calls.BeginAsync(
        new(Guid.CreateVersion7().ToString("N"), caller, group, ModelCallKind.Chat, streams, messages.Sum(message => message.Text.Length) / TokenUsage.CharactersPerToken, options?.MaxOutputTokens),
        cancellationToken);

    private IChatClient Pick(ModelCall call)
    {
        call.Endpoint = group.Endpoints[0];
        call.Attempts++;
        return clients.Of(call.Endpoint);
    }

    private static TokenUsage ToUsage(UsageDetails? usage) => usage is null ? TokenUsage.None : new(
        usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0, usage.ReasoningTokenCount ?? 0);
}
