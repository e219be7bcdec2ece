using System.Runtime.CompilerServices;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Providers;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>
/// A group as one <see cref="IChatClient"/>: each call is let in, sent to an endpoint, to others when that fails before it has said
/// anything, and settled as its caller's.
/// </summary>
internal sealed class RoutedChatClient(ModelGroup group, ModelCaller caller, ModelRouter router, ProviderClients clients, ModelCalls calls) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var sent = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        using var call = await BeginAsync(sent, options, streams: false, cancellationToken);

        try
        {
            ChatResponse? response = null;
            await router.RunAsync(
                call,
                may: null,
                async (attempt, token) => response = await clients.Of(call, attempt.Endpoint).GetResponseAsync(sent, options, token),
                cancellationToken);
            call.NoteFirstToken();
            call.Usage = UpdateMeter.Of(call, response!);
            call.End(ModelCallOutcome.Complete);
            return response!;
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
        var (attempt, updates) = await FirstAsync(call, sent, options, cancellationToken);

        using (attempt)
        {
            await using (updates)
            {
                // Left early, it is the caller who left.
                var hasEnded = updates is null;

                try
                {
                    while (!hasEnded)
                    {
                        yield return updates!.Current;
                        hasEnded = !await NextAsync(call, attempt, updates, cancellationToken);
                    }

                    call.End(ModelCallOutcome.Complete);
                }
                finally
                {
                    call.End(ModelCallOutcome.Aborted, "caller.gone");
                }
            }
        }
    }

    /// <returns>Also the <see cref="ModelPrices"/> by which its calls are settled; null when the catalogue has none.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ModelPrices) ? group.Prices
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private ValueTask<ModelCall> BeginAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, bool streams, CancellationToken cancellationToken)
    {
        ModelAbilities.Ensure(group, messages, options);
        return calls.BeginAsync(
            new(Guid.CreateVersion7().ToString("N"), caller, group, ModelCallKind.Chat, streams, UpdateMeter.Length(messages) / TokenUsage.CharactersPerToken, options?.MaxOutputTokens),
            cancellationToken);
    }

    // The endpoint that says something first is the one that is listened to; null when it ends without a word.
    private async Task<(Attempt Attempt, IAsyncEnumerator<ChatResponseUpdate>? Updates)> FirstAsync(
        ModelCall call, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var route = router.Begin(call);

        while (true)
        {
            Attempt? attempt = null;
            IAsyncEnumerator<ChatResponseUpdate>? updates = null;

            try
            {
                attempt = await route.NextAsync(cancellationToken);
                updates = UpdateMeter.Observe(call, clients.Of(call, attempt.Endpoint).GetStreamingResponseAsync(messages, options, cancellationToken), cancellationToken).GetAsyncEnumerator(cancellationToken);
                var isThere = await updates.MoveNextAsync();
                attempt.Answered();
                return (attempt, isThere ? updates : null);
            }
            catch (Exception exception)
            {
                var goesOn = attempt is not null && exception is DomainException failure && route.MayGoOn(attempt, failure);

                if (updates is not null)
                {
                    await updates.DisposeAsync();
                }

                attempt?.Dispose();

                if (!goesOn)
                {
                    call.Fail(exception, hasReplied: false, cancellationToken);
                    throw;
                }
            }
        }
    }

    private static async ValueTask<bool> NextAsync(
        ModelCall call, Attempt attempt, IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception exception)
        {
            call.Fail(exception, hasReplied: true, cancellationToken);

            if (exception is DomainException failure)
            {
                attempt.Failed(failure);
            }

            throw;
        }
    }
}
