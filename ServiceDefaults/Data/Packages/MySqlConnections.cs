using System.Data.Common;
using MySqlConnector;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>MySqlConnector is asynchronous to the bottom, so a unit of work awaits a pooled connection directly.</summary>
internal sealed class MySqlConnections : IAsyncDisposable
{
    private readonly MySqlDataSource _dataSource;
    private readonly SemaphoreSlim _waiting;

    public MySqlConnections(string connectionString, DatabaseOptions options, TimeProvider timeProvider)
    {
        _dataSource = new MySqlDataSourceBuilder(new MySqlConnectionStringBuilder(connectionString)
        {
            MaximumPoolSize = (uint)options.Connections,
            ConnectionTimeout = 5,
            AllowUserVariables = true,
        }.ConnectionString).Build();
        _ = timeProvider;
        _waiting = new(options.QueueLength + options.Connections);
    }

    // Not by IsTransient, which deadlocks are too: those are run again. 0 and -1 are the driver's own: the connection broke, the time ran out.
    public static bool IsConnectionLost(DbException exception) =>
        exception is MySqlException { Number: -1 or 0 or 1040 or 1042 or 1043 or 1044 or 1045 or 1049 or 1053 or 1077 or 1129 or 1158 or 1159 or 1160 or 1161 or 1927 or 2002 or 2003 or 2006 or 2013 };

    public static bool IsDeadlock(DbException exception) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout };

    public static bool IsDuplicateKey(DbException exception) => exception is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry };

    public async Task<T> RunAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!_waiting.Wait(0, CancellationToken.None))
        {
            throw new DatabaseUnavailableException("Too many calls wait for the database.");
        }

        try
        {
            await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
            return await work(new TracedConnection(connection), cancellationToken);
        }
        finally
        {
            _waiting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        _waiting.Dispose();
    }
}
