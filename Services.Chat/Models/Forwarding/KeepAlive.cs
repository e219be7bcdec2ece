using System.Runtime.CompilerServices;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>Sends something at intervals while the next piece of a stream is waited for.</summary>
internal static class KeepAlive
{
    /// <summary>A comment of a stream of events, which every reader passes over.</summary>
    public static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    public static async Task<T> WhileWaitingAsync<T>(Task<T> waitedFor, TimeSpan interval, TimeProvider timeProvider, Func<ValueTask> beat)
    {
        while (true)
        {
            await ((Task)waitedFor).WaitAsync(interval, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            if (waitedFor.IsCompleted)
            {
                return await waitedFor;
            }

            await beat();
        }
    }

    /// <summary>The items as they come, with beats while the next one is waited for. Whatever ends it, a beat that fails too, the sequence is at rest before it is disposed.</summary>
    public static async IAsyncEnumerable<T> WhileWaitingAsync<T>(
        IAsyncEnumerable<T> items, TimeSpan interval, TimeProvider timeProvider, Func<ValueTask> beat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var enumerator = items.GetAsyncEnumerator(stop.Token);
        var next = Task.FromResult(false);

        try
        {
            while (await WhileWaitingAsync(next = enumerator.MoveNextAsync().AsTask(), interval, timeProvider, beat))
            {
                yield return enumerator.Current;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
