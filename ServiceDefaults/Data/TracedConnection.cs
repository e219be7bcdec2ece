using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>The driver's connection, with a span around every statement. The connection itself belongs to somebody else.</summary>
internal sealed class TracedConnection(DbConnection inner) : DbConnection
{
    // Dapper asks with every statement, and the driver puts it together anew each time.
    private readonly string _connectionString = inner.ConnectionString;

    [AllowNull]
    public override string ConnectionString
    {
        get => _connectionString;
        set => throw new NotSupportedException("A unit of work does not choose its connection.");
    }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException("A service has one database.");

    public override void Open() => throw new NotSupportedException("A unit of work gets its connection open.");

    public override void Close() => throw new NotSupportedException("A unit of work does not own its connection.");

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => inner.BeginTransaction(isolationLevel);

    protected override ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
        inner.BeginTransactionAsync(isolationLevel, cancellationToken);

    protected override DbCommand CreateDbCommand() => new TracedCommand(inner.CreateCommand(), inner.Database);
}
