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
}
