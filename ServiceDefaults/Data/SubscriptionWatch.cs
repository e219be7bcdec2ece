using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Asks the connection for subscriptions now and then whether it still answers. Calls show by themselves that theirs fell silent;
/// on this one nobody calls.
/// </summary>
internal sealed partial class SubscriptionWatch(TimeSpan bound, TimeProvider timeProvider, ILogger logger)
{
    // Each time costs one small message and its answer.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private volatile ConnectionMultiplexer? _silent;

    /// <summary>It has not answered, and has not made up for it since.</summary>
    public bool IsSilent(ConnectionMultiplexer multiplexer) => ReferenceEquals(_silent, multiplexer);

    /// <param name="watched">The one in use, or null when nobody listens.</param>
    public async Task RunAsync(Func<ConnectionMultiplexer?> watched, Action fellSilent, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, timeProvider, cancellationToken);
                if (watched() is { } multiplexer && !await AnswersAsync(multiplexer, cancellationToken))
                {
                    fellSilent();
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception);
            }
            catch (OperationCanceledException)
            {
                // The service ends.
            }
        }
    }

    private async Task<bool> AnswersAsync(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        var answer = AskAsync(multiplexer);
        try
        {
            await answer.WaitAsync(bound, timeProvider, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            _silent = multiplexer;

            // A server that was only frozen answers when it goes on.
            _ = answer.ContinueWith(
                _ => Interlocked.CompareExchange(ref _silent, null, multiplexer),
                cancellationToken, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && RedisFailures.Translate(exception, bound) is not null)
        {
            // It is broken, which the library sees and mends.
            return true;
        }
    }

    private static async Task AskAsync(ConnectionMultiplexer multiplexer) => await multiplexer.GetSubscriber().PingAsync();

    [LoggerMessage(LogLevel.Error, "Could not ask Redis whether it still answers subscriptions.")]
    private partial void LogFailed(Exception exception);
}
