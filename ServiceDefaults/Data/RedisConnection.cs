using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// The one multiplexer and its life. The library reconnects by itself when a connection breaks, but waits for ever on one that
/// only fell silent (a host or a firewall went without a word), so such a one is replaced, be it the one for calls or the one for subscriptions.
/// </summary>
internal sealed partial class RedisConnection(
    ConfigurationOptions configuration, TimeSpan bound, TimeProvider timeProvider, ILogger logger) : IAsyncDisposable
{
    private const int AnnounceAttempts = 1200;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(50);

    // Long enough for the library to come back by itself after a mere restart.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenReplacements = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly HashSet<RedisSubscription> _subscriptions = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly SubscriptionWatch _watch = new(bound, timeProvider, logger);
    private volatile ConnectionMultiplexer? _current;
    private Task<ConnectionMultiplexer>? _connecting;
    private Task? _watching;
    private volatile RedisUnavailableException? _cause;
    private long _unansweredSince;
    private int _isReplacing;

#if !ASPIRE_PACKAGES
    static RedisConnection() => RedisAnswerBoxes.KeepNone();
#endif

    /// <summary>Calls go through again.</summary>
    public event Action? Restored;

    /// <summary>Null until the first call.</summary>
    public ConnectionMultiplexer? Current => _current;

    /// <summary>Why the last attempt at a new connection failed. The library keeps saying what ended the first one.</summary>
    public RedisUnavailableException? Cause => _cause;

    private bool AnswersNoCalls => Volatile.Read(ref _unansweredSince) != 0;

    private bool IsSilent => AnswersNoCalls || (_current is { } current && _watch.IsSilent(current));

    /// <summary>One attempt for all who wait, which nobody's cancellation ends. The result need not be connected yet.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
        {
            return _connecting is null or { IsFaulted: true } ? _connecting = ConnectFirstAsync() : _connecting;
        }
    }

    public void NoteAnswer()
    {
        if (Volatile.Read(ref _unansweredSince) != 0)
        {
            Volatile.Write(ref _unansweredSince, 0);
            _cause = null;
        }
    }

    /// <param name="waited">How long the failed call had waited for an answer.</param>
    public void NoteNoAnswer(TimeSpan waited)
    {
        var now = timeProvider.GetTimestamp();
        var started = now - (long)(waited.TotalSeconds * timeProvider.TimestampFrequency);
        var since = Interlocked.CompareExchange(ref _unansweredSince, started, 0);
        if (timeProvider.GetElapsedTime(since == 0 ? started : since, now) >= Patience)
        {
            Replace();
        }
    }

    public async Task<RedisSubscription> SubscribeAsync(RedisChannel channel, Action<RedisValue> handler, CancellationToken cancellationToken)
    {
        _ = await ConnectAsync().WaitAsync(bound, timeProvider, cancellationToken);
        var subscription = new RedisSubscription(this, channel, handler);
        Task subscribed;
        lock (_gate)
        {
            subscribed = subscription.BeginOn(_current!);
            _subscriptions.Add(subscription);
            _watching ??= _watch.RunAsync(WithSubscriptions, Replace, _closing.Token);
        }

        try
        {
            await subscribed.WaitAsync(bound, timeProvider, cancellationToken);
            return subscription;
        }
        catch
        {
            // The library has the handler already, and would call it once the server is back.
            _ = UnsubscribeAsync(subscription).AsTask();
            throw;
        }
    }

    public async ValueTask UnsubscribeAsync(RedisSubscription subscription)
    {
        try
        {
            await End(subscription).WaitAsync(bound, timeProvider);
        }
        catch (Exception exception) when (RedisFailures.Translate(exception, bound) is not null)
        {
            // The handler is out of the library, and nothing moves it to the next connection.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Task<ConnectionMultiplexer>? connecting;
        Task? watching;
        lock (_gate)
        {
            (connecting, watching) = (_connecting, _watching);
        }

        await (watching ?? Task.CompletedTask);

        if (connecting is not null)
        {
            await connecting.WaitAsync(bound).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        if (_current is { } current)
        {
            Close(current);
        }
    }

    private async Task<ConnectionMultiplexer> ConnectFirstAsync()
    {
        var multiplexer = await OpenAsync();
        _current = multiplexer;
        return multiplexer;
    }

    private async Task<ConnectionMultiplexer> OpenAsync()
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
#if !ASPIRE_PACKAGES
        // Answers in order of arrival across callers cost more than half the throughput; the member is gone in 3.x.
        multiplexer.PreserveAsyncOrder = false;
#endif
        // Otherwise the exceptions name keys.
        multiplexer.IncludeDetailInExceptions = false;
        multiplexer.ConnectionFailed += (_, failed) => LogConnectionLost(failed.FailureType.ToString());
        multiplexer.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
            {
                _ = AnnounceAsync(multiplexer);
            }
        };
        return multiplexer;
    }

    private ConnectionMultiplexer? WithSubscriptions()
    {
        lock (_gate)
        {
            return _subscriptions.Count == 0 ? null : _current;
        }
    }

    private void Replace()
    {
        if (Interlocked.Exchange(ref _isReplacing, 1) == 0)
        {
            _ = ReplaceAsync();
        }
    }

    // The old one stays until a new one answers: a server that was only slow or frozen goes on where it was.
    private async Task ReplaceAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested && IsSilent)
            {
                // Calls and subscriptions have a connection each, and either may say nothing again.
                var fresh = await OpenAsync();
                _cause = await AskAsync(fresh.GetDatabase()) ?? await AskAsync(fresh.GetSubscriber());
                if (_cause is null && IsSilent)
                {
                    await MoveToAsync(fresh);
                    return;
                }

                Close(fresh);
                await Task.Delay(BetweenReplacements, _closing.Token);
            }
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested)
        {
            LogReplacementFailed(exception);
        }
        catch (OperationCanceledException)
        {
            // The service ends.
        }
        finally
        {
            Volatile.Write(ref _isReplacing, 0);
        }
    }

    private async Task MoveToAsync(ConnectionMultiplexer fresh)
    {
        ConnectionMultiplexer? old;
        Task subscribed;
        var wasOfNoUse = AnswersNoCalls;
        lock (_gate)
        {
            if (_closing.IsCancellationRequested)
            {
                Close(fresh);
                return;
            }

            (old, _current) = (_current, fresh);
            subscribed = Task.WhenAll(_subscriptions.Select(subscription => subscription.BeginOn(fresh)));
        }

        NoteAnswer();
        LogConnectionReplaced();
        if (old is not null)
        {
            _ = CloseAsync(old, wasOfNoUse ? TimeSpan.Zero : bound);
        }

        try
        {
            await subscribed.WaitAsync(bound, timeProvider, _closing.Token);
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested && RedisFailures.Translate(exception, bound) is not null)
        {
            // The library asks for it again by itself when it reconnects; calls go through already.
        }

        await AnnounceAsync(fresh);
    }

    private Task End(RedisSubscription subscription)
    {
        lock (_gate)
        {
            return _subscriptions.Remove(subscription) ? subscription.EndOn(_current!) : Task.CompletedTask;
        }
    }

    // The library says that a connection is restored a moment before it lets calls through; the server may also still be loading.
    private async Task AnnounceAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            for (var attempt = 0; attempt < AnnounceAttempts; attempt++)
            {
                if (await AskAsync(multiplexer.GetDatabase()) is null)
                {
                    LogConnectionRestored();
                    Restored?.Invoke();
                    return;
                }

                await Task.Delay(BetweenAttempts, _closing.Token);
            }
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested)
        {
            // Nobody awaits this, so what a handler throws is said here.
            LogAnnouncementFailed(exception);
        }
        catch (OperationCanceledException)
        {
            // The service ends.
        }
    }

    private async Task<RedisUnavailableException?> AskAsync(IRedisAsync redis)
    {
        try
        {
            await redis.PingAsync().WaitAsync(bound);
            return null;
        }
        catch (Exception exception) when (RedisFailures.Translate(exception, bound) is not null)
        {
            return RedisFailures.Translate(exception, bound);
        }
    }

    // When only the subscriptions fell silent, calls under way still get their answers.
    private async Task CloseAsync(ConnectionMultiplexer old, TimeSpan after)
    {
        await Task.Delay(after, timeProvider, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Close(old);
    }

    // Without waiting for answers to what is under way: they may never come.
    private static void Close(ConnectionMultiplexer multiplexer)
    {
        multiplexer.Close(allowCommandsToComplete: false);
        multiplexer.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Lost the connection to Redis: {FailureType}.")]
    private partial void LogConnectionLost(string failureType);

    [LoggerMessage(LogLevel.Information, "Redis is back.")]
    private partial void LogConnectionRestored();

    [LoggerMessage(LogLevel.Warning, "Replaced a connection to Redis that had fallen silent.")]
    private partial void LogConnectionReplaced();

    [LoggerMessage(LogLevel.Error, "Could not replace a connection to Redis that had fallen silent.")]
    private partial void LogReplacementFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "Could not act on the return of Redis.")]
    private partial void LogAnnouncementFailed(Exception exception);
}
