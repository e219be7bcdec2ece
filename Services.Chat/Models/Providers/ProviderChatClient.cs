using System.Runtime.CompilerServices;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers;

/// <summary>
/// What the clients of all providers have in common: a call is sent once and lasts at most the endpoint's timeout, its stream included;
/// failures come out as DomainException provider.*; a stream that ends before the model said why it stopped is a broken one.
/// </summary>
internal abstract class ProviderChatClient(ModelEndpoint endpoint) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new(endpoint.Provider, endpoint.BaseUrl, endpoint.ModelId);

    protected ModelEndpoint Endpoint { get; } = endpoint;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var limit = Limit(cancellationToken);

        try
        {
            return await CompleteAsync([.. messages], options, limit.Token);
        }
        catch (Exception exception) when (Translate(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var limit = Limit(cancellationToken);
        await using var updates = StreamAsync([.. messages], options, limit.Token).GetAsyncEnumerator(limit.Token);
        var started = false;
        var ended = false;

        while (await NextAsync(updates, started, cancellationToken))
        {
            started = true;
            ended |= updates.Current.FinishReason is not null;
            yield return updates.Current;
        }

        if (!ended)
        {
            throw ProviderErrors.BrokenStream(null);
        }
    }

    public virtual object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    protected abstract Task<ChatResponse> CompleteAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken);

    protected abstract IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken);

    /// <returns>Null for what is no failure of the provider.</returns>
    protected virtual DomainException? Translate(Exception exception, CancellationToken caller) => ProviderErrors.Translate(exception, caller);

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, bool started, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception exception) when (Translate(exception, cancellationToken) is { } failure)
        {
            throw started && failure.Code == "provider.unreachable" ? ProviderErrors.BrokenStream(exception) : failure;
        }
    }

    private CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Endpoint.Timeouts.Total);
        return limit;
    }
}
