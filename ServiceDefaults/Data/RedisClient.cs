using System.Diagnostics;
using AiPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// Redis with a bound on every call: the client library's own calls never time out on a server that stopped answering.
/// Only asynchronous calls; nothing here may use a blocking read, which would stall the one connection for everybody.
/// </summary>
public sealed class RedisClient : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly RedisConnection _connection;
    private readonly TimeProvider _timeProvider;
    private readonly long _bound;

    internal RedisClient(string connectionString, TimeProvider timeProvider, ILogger<RedisClient> logger)
    {
        var configuration = ConfigurationOptions.Parse(connectionString);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = 2000;
        configuration.ConnectRetry = 1;

        // At each beat of the library's clock, which is a second.
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        _timeProvider = timeProvider;
        _bound = (long)(CallTimeout.TotalSeconds * timeProvider.TimestampFrequency);
        Pending = new(timeProvider);
        _connection = new(configuration, CallTimeout, timeProvider, logger);
    }

    /// <summary>Raised after the connection came back; what was kept in memory meanwhile can be written now.</summary>
    public event Action? Reconnected
    {
        add => _connection.Restored += value;
        remove => _connection.Restored -= value;
    }

    internal PendingCalls Pending { get; }

    public bool IsConnected => _connection.Current?.IsConnected ?? false;

    /// <summary>
    /// Makes the call within five seconds. A call that runs a script which the server has forgotten is made once more, so it
    /// runs one script and nothing before it.
    /// </summary>
    /// <param name="statement">What the span is called, such as <c>GET ui_state</c>; never holds a key's ids or a value.</param>
    /// <exception cref="RedisUnavailableException">
    /// Whatever is the server's or the network's fault: not reached, broken off, no answer within five seconds, out of memory, read-only,
    /// loading, busy, refusing our credentials. A fault of the call itself (a wrong type, an error in the script) is thrown as it is.
    /// </exception>
    public Task<T> RunAsync<T>(string statement, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var caller = Activity.Current;
        var activity = Start(statement);
        var running = new RedisCall<T>(this, call, activity, _timeProvider.GetTimestamp() + _bound, cancellationToken);
        if (FindDatabase() is { } database)
        {
            running.Start(database);
        }
        else
        {
            _ = ConnectAndStartAsync(running, cancellationToken);
        }

        if (activity is not null)
        {
            Activity.Current = caller;
        }

        return running.Task;
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
            return await _connection.SubscribeAsync(new(channel, RedisChannel.PatternMode.Literal), handler, cancellationToken);
        }
        catch (Exception exception) when (!IsOf(exception, cancellationToken) && RedisFailures.Translate(exception, CallTimeout) is { } failure)
        {
            throw Noted(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        Pending.Dispose();
    }

    internal IDatabase? FindDatabase() => _connection.Current?.GetDatabase();

    internal void NoteAnswer() => _connection.NoteAnswer();

    /// <summary>What a failed call means to its caller; null when it is the call's own fault.</summary>
    internal RedisUnavailableException? Explain(Exception exception) =>
        RedisFailures.Translate(exception, CallTimeout) is { } failure ? Noted(failure) : null;

    private async Task ConnectAndStartAsync<T>(RedisCall<T> running, CancellationToken cancellationToken)
    {
        try
        {
            var multiplexer = await _connection.ConnectAsync().WaitAsync(CallTimeout, _timeProvider, cancellationToken);
            running.Start(multiplexer.GetDatabase());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            running.Cancel();
        }
        catch (Exception exception)
        {
            running.Fail(exception);
        }
    }

    private RedisUnavailableException Noted(RedisUnavailableException failure)
    {
        switch (failure.Reason)
        {
            case RedisReasons.Timeout:
                _connection.NoteNoAnswer(CallTimeout);
                break;
            case RedisReasons.Unreachable or RedisReasons.ConnectionLost or RedisReasons.AuthenticationFailed:
                _connection.NoteNoAnswer(TimeSpan.Zero);
                break;
            default:
                _connection.NoteAnswer();
                break;
        }

        return failure.Reason == RedisReasons.Unreachable && _connection.Cause is { } cause
            ? new(cause.Message, failure.InnerException, cause.Reason)
            : failure;
    }

    private static bool IsOf(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

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
}
