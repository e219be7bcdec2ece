using System.Data.Common;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// The service's own database. A unit of work gets an open connection and awaits nothing but that connection: with the
/// local driver it runs on a dedicated thread. Every call is bounded in time and truly cancellable.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int TransactionAttempts = 4;

    private readonly MySqlConnections _connections;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _timeout;
    private volatile DatabaseUnavailableException? _notPrepared;

    internal Database(string connectionString, IOptions<DatabaseOptions> options, TimeProvider timeProvider)
    {
        _connections = new(connectionString, options.Value, timeProvider);
        _timeProvider = timeProvider;
        _timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds);
    }

    /// <exception cref="DatabaseUnavailableException">
    /// Whatever is the server's or the network's fault: not reached, broken off, no answer in time, read-only, full, refusing our credentials.
    /// A fault of the statement itself is thrown as the driver's exception.
    /// </exception>
    public Task<T> RunAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        NotPrepared is { } cause
            ? Task.FromException<T>(new DatabaseUnavailableException(cause.Message, cause.InnerException, cause.Reason))
            : RunWithinAsync(_timeout, work, cancellationToken);

    /// <summary>Why the schema is not there yet; calls are refused for this reason until it is.</summary>
    internal DatabaseUnavailableException? NotPrepared
    {
        get => _notPrepared;
        set => _notPrepared = value;
    }

    /// <summary>With a bound of its own, for what may take longer than a request, and on a schema that is not prepared.</summary>
    internal async Task<T> RunWithinAsync<T>(
        TimeSpan bound, Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(bound, _timeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _connections.RunAsync(work, ending.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DatabaseUnavailableException($"The database did not answer within {bound.TotalSeconds:0} s.", reason: DatabaseReasons.Timeout);
        }
        catch (Exception exception) when (DatabaseFailures.Translate(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<DbConnection, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                await work(connection, token);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Commits when <paramref name="work"/> returns, rolls back when it throws or is cancelled. When the server picks the transaction
    /// as the victim of a deadlock the work runs again from its start, so it may touch nothing but its connection.
    /// </summary>
    /// <inheritdoc cref="RunAsync{T}"/>
    public async Task<T> RunInTransactionAsync<T>(
        Func<DbConnection, DbTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunAsync((connection, token) => CommitAsync(connection, work, token), cancellationToken);
            }
            catch (DatabaseUnavailableException exception) when (exception.Reason == DatabaseReasons.Deadlock && attempt < TransactionAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 25) * attempt), _timeProvider, cancellationToken);
            }
        }
    }

    /// <inheritdoc cref="RunInTransactionAsync{T}"/>
    public Task RunInTransactionAsync(
        Func<DbConnection, DbTransaction, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                await work(connection, transaction, token);
                return true;
            },
            cancellationToken);

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private static async Task<T> CommitAsync<T>(
        DbConnection connection, Func<DbConnection, DbTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(connection, transaction, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }
}
