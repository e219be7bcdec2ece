using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Options;
#if ASPIRE_PACKAGES
using MySqlConnector;
#else
using MySql.Data.MySqlClient;
#endif

namespace AiPlatform.Load;

/// <summary>The same statements through <see cref="Database"/> and as the driver is used by itself: its pool, a connection per call.</summary>
internal sealed class SqlCalls : IAsyncDisposable
{
    private const int Rows = 1000;

    private readonly Database _database;
    private readonly string _connectionString;

    private SqlCalls(Database database, string connectionString)
    {
        _database = database;
        _connectionString = connectionString;
    }

    public static async Task<SqlCalls> OpenAsync(DataServers servers, CancellationToken cancellationToken)
    {
        var connectionString = await servers.CreateDatabaseAsync("load", cancellationToken);
        var calls = new SqlCalls(
            new(connectionString, Options.Create(new DatabaseOptions()), TimeProvider.System),
            $"{connectionString};CharSet=utf8mb4;SslMode=none");
        await calls._database.RunAsync(
            async (connection, token) =>
            {
                await ExecuteAsync(connection, "create table note (id bigint primary key auto_increment, name varchar(100) not null) character set utf8mb4", token);
                await ExecuteAsync(connection, "create table entry (id bigint primary key auto_increment, name varchar(100) not null) character set utf8mb4", token);
                await ExecuteAsync(connection, $"insert into note (name) values {string.Join(", ", Enumerable.Range(1, Rows).Select(id => $"('note {id}')"))}", token);
            },
            cancellationToken);
        return calls;
    }

    public Task ReadRawAsync(int caller, CancellationToken cancellationToken) => RunRawAsync(ReadAsync, cancellationToken);

    public Task InsertRawAsync(int caller, CancellationToken cancellationToken) => RunRawAsync(InsertAsync, cancellationToken);

    public Task ReadAsync(int caller, CancellationToken cancellationToken) => _database.RunAsync(ReadAsync, cancellationToken);

    public Task InsertAsync(int caller, CancellationToken cancellationToken) => _database.RunAsync(InsertAsync, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        MySqlConnection.ClearAllPools();
    }

    private async Task RunRawAsync(Func<DbConnection, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        await work(connection, cancellationToken);
    }

    private static async Task ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select name from note where id = @id";
        Add(command, "@id", Random.Shared.Next(1, Rows + 1));
        if (await command.ExecuteScalarAsync(cancellationToken) is not string)
        {
            throw new InvalidOperationException("The row is not there.");
        }
    }

    private static async Task InsertAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "insert into entry (name) values (@name)";
        Add(command, "@name", "a name of some length");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static async Task ExecuteAsync(DbConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made above, of nothing from outside.
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
