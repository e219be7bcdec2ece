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

    /// <returns>The server's error number; 0 or less for the driver's own errors: the connection broke, the time ran out.</returns>
    public static int NumberOf(DbException exception) => exception is MySqlException known ? known.Number : 0;

    public static bool IsDuplicateKey(DbException exception) => exception is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry };

    public async Task<T> RunAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!_waiting.Wait(0, CancellationToken.None))
        {
            throw new DatabaseUnavailableException("Too many calls wait for the database.", reason: DatabaseReasons.Busy);
        }

        try
        {
            await using var connection = await OpenAsync(cancellationToken);
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

    private async Task<MySqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _dataSource.OpenConnectionAsync(cancellationToken);
        }
        catch (DbException exception)
        {
            throw DatabaseFailures.TranslateOpening(exception);
        }
    }
}
