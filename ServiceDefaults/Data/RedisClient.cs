using System.Diagnostics;
using System.Net.Sockets;
using AiPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Redis with a bound on every call: the client library's own calls never time out on a server that stopped answering.
/// Only asynchronous calls; nothing here may use a blocking read, which would stall the one connection for everybody.
/// </summary>
public sealed partial class RedisClient : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private const int AnnounceAttempts = 1200;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(50);
    private static readonly string[] RefusingWrites = ["OOM", "READONLY", "LOADING", "MISCONF", "NOREPLICAS", "MASTERDOWN", "CLUSTERDOWN"];

    private readonly ConfigurationOptions _configuration;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<RedisClient> _logger;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile ConnectionMultiplexer? _multiplexer;

    internal RedisClient(string connectionString, TimeProvider timeProvider, ILogger<RedisClient> logger)
    {
        _timeProvider = timeProvider;
        _logger = logger;
        _configuration = ConfigurationOptions.Parse(connectionString);
        _configuration.AbortOnConnectFail = false;
        _configuration.ConnectTimeout = 2000;
        _configuration.ConnectRetry = 1;
    }

    /// <summary>Raised after the connection came back; what was kept in memory meanwhile can be written now.</summary>
    public event Action? Reconnected;

    public bool IsConnected => _multiplexer?.IsConnected ?? false;

    /// <summary>
    /// Makes the call within five seconds. A call that runs a script which the server has forgotten is made once more, so it
    /// runs one script and nothing before it.
    /// </summary>
    /// <param name="statement">What the span is called, such as <c>GET ui_state</c>; never holds a key's ids or a value.</param>
    /// <exception cref="RedisUnavailableException">Not connected, refusing writes, or no answer within five seconds.</exception>
    public async Task<T> RunAsync<T>(string statement, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        using var activity = Start(statement);
        try
        {
            var multiplexer = _multiplexer ?? await ConnectAsync(cancellationToken);
            try
            {
                return await call(multiplexer.GetDatabase()).WaitAsync(CallTimeout, _timeProvider, cancellationToken);
            }
            catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                // The library sent only the hash and has now learnt to send the text, but repeats by itself in synchronous calls only.
                return await call(multiplexer.GetDatabase()).WaitAsync(CallTimeout, _timeProvider, cancellationToken);
            }
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", exception.GetType().FullName);
            throw new RedisUnavailableException("Redis could not be reached or does not accept the call.", exception);
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(string statement, Func<IDatabase, Task> call, CancellationToken cancellationToken) =>
        RunAsync(
            statement,
            async database =>
            {
                await call(database);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Calls <paramref name="handler"/> for each message of a channel until the result is disposed. Messages are hints: while
    /// the connection is away they are lost. The handler runs on the reading thread and must return at once.
    /// </summary>
    public async Task<IAsyncDisposable> SubscribeAsync(string channel, Action<RedisValue> handler, CancellationToken cancellationToken)
    {
        try
        {
            var multiplexer = _multiplexer ?? await ConnectAsync(cancellationToken);
            var name = new RedisChannel(channel, RedisChannel.PatternMode.Literal);
            void OnMessage(RedisChannel _, RedisValue message) => handler(message);
            await multiplexer.GetSubscriber().SubscribeAsync(name, OnMessage).WaitAsync(CallTimeout, _timeProvider, cancellationToken);
            return new Subscription(multiplexer, name, OnMessage);
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw new RedisUnavailableException("Redis could not be reached.", exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _closing.Cancel();
        _connecting.Dispose();
        _multiplexer?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Activity? Start(string statement)
    {
        var activity = TelemetrySources.Data.CreateActivity(statement, ActivityKind.Client);
        if (activity is not null)
        {
            var end = statement.IndexOf(' ', StringComparison.Ordinal);
            activity.SetTag("db.system.name", "redis");
            activity.SetTag("db.operation.name", end < 0 ? statement : statement[..end]);
            activity.SetTag("db.query.summary", statement);
            activity.Start();
        }

        return activity;
    }

    private static bool IsUnavailable(Exception exception) => exception switch
    {
        RedisConnectionException or TimeoutException or SocketException or IOException or ObjectDisposedException => true,
        RedisServerException server => RefusingWrites.Any(prefix => server.Message.StartsWith(prefix, StringComparison.Ordinal)),
        _ => false,
    };

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        if (!await _connecting.WaitAsync(CallTimeout, cancellationToken))
        {
            throw new TimeoutException("Somebody else is still connecting.");
        }

        try
        {
            if (_multiplexer is { } known)
            {
                return known;
            }

            var multiplexer = await ConnectionMultiplexer.ConnectAsync(_configuration).WaitAsync(CallTimeout, _timeProvider, cancellationToken);
#if !ASPIRE_PACKAGES
            // Answers in order of arrival across callers cost more than half the throughput; the member is gone in 3.x.
            multiplexer.PreserveAsyncOrder = false;
#endif
            multiplexer.ConnectionFailed += (_, failed) => LogConnectionLost(failed.FailureType.ToString());
            multiplexer.ConnectionRestored += (_, restored) =>
            {
                if (restored.ConnectionType == ConnectionType.Interactive)
                {
                    _ = AnnounceAsync(multiplexer);
                }
            };
            return _multiplexer = multiplexer;
        }
        finally
        {
            _connecting.Release();
        }
    }

    // The library says that a connection is restored a moment before it lets calls through; the server may also still be loading.
    private async Task AnnounceAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            for (var attempt = 0; attempt < AnnounceAttempts; attempt++)
            {
                if (await AnswersAsync(multiplexer))
                {
                    LogConnectionRestored();
                    Reconnected?.Invoke();
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
    }

    private static async Task<bool> AnswersAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.GetDatabase().PingAsync().WaitAsync(CallTimeout);
            return true;
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lost the connection to Redis: {FailureType}.")]
    private partial void LogConnectionLost(string failureType);

    [LoggerMessage(LogLevel.Information, "Redis is back.")]
    private partial void LogConnectionRestored();

    [LoggerMessage(LogLevel.Error, "Could not act on the return of Redis.")]
    private partial void LogAnnouncementFailed(Exception exception);

    private sealed class Subscription(ConnectionMultiplexer multiplexer, RedisChannel channel, Action<RedisChannel, RedisValue> handler)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await multiplexer.GetSubscriber().UnsubscribeAsync(channel, handler).WaitAsync(CallTimeout);
            }
            catch (Exception exception) when (IsUnavailable(exception))
            {
                // Without a connection there is no subscription left to end.
            }
        }
    }
}
