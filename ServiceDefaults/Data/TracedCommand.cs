using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>One statement with its span. The span names operation and table; it never holds the text or a value.</summary>
internal sealed class TracedCommand(DbCommand inner, string database) : DbCommand
{
    [AllowNull]
    public override string CommandText
    {
        get => inner.CommandText;
        set => inner.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => inner.CommandTimeout;
        set => inner.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => inner.CommandType;
        set => inner.CommandType = value;
    }

    public override bool DesignTimeVisible
    {
        get => inner.DesignTimeVisible;
        set => inner.DesignTimeVisible = value;
    }

    public override UpdateRowSource UpdatedRowSource
    {
        get => inner.UpdatedRowSource;
        set => inner.UpdatedRowSource = value;
    }

    protected override DbConnection? DbConnection
    {
        get => inner.Connection;
        set
        {
            // Dapper sets the connection that it made the command from; the driver's own is already there.
        }
    }

    protected override DbParameterCollection DbParameterCollection => inner.Parameters;

    protected override DbTransaction? DbTransaction
    {
        get => inner.Transaction;
        set => inner.Transaction = value;
    }

    public override void Cancel()
    {
#if ASPIRE_PACKAGES
        inner.Cancel();
#else
        // The work thread has the server stop the statement. The driver's own way opens a connection on the cancelling thread,
        // which a server that stopped answering holds for seconds.
#endif
    }

    public override void Prepare() => inner.Prepare();

    public override int ExecuteNonQuery() => Trace(static command => command.ExecuteNonQuery());

    public override object? ExecuteScalar() => Trace(static command => command.ExecuteScalar());

    protected override DbParameter CreateDbParameter() => inner.CreateParameter();

    // The local driver gives null for a statement that an operator stopped, and fails on it itself in its two methods above.
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Trace(command => (DbDataReader?)command.ExecuteReader(behavior) ?? throw DatabaseFailures.Interrupted(null));

#if ASPIRE_PACKAGES
    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) =>
        TraceAsync(command => command.ExecuteNonQueryAsync(cancellationToken));

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) =>
        TraceAsync(command => command.ExecuteScalarAsync(cancellationToken));

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        TraceAsync(command => command.ExecuteReaderAsync(behavior, cancellationToken));

    private async Task<T> TraceAsync<T>(Func<DbCommand, Task<T>> execute)
    {
        using var activity = SqlActivity.Start(inner.CommandText, database);
        try
        {
            return await execute(inner);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", exception.GetType().FullName);
            throw;
        }
    }
#endif

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private T Trace<T>(Func<DbCommand, T> execute)
    {
        using var activity = SqlActivity.Start(inner.CommandText, database);
        try
        {
            return execute(inner);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", exception.GetType().FullName);
            if (exception is NullReferenceException)
            {
                throw DatabaseFailures.Interrupted(exception);
            }

            throw;
        }
    }
}
