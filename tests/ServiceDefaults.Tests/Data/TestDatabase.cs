using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>A fresh database with this project's migrations, and short words for what the tests ask of it.</summary>
internal sealed class TestDatabase(Database database, string connectionString) : IAsyncDisposable
{
    private const string OpenTransactions =
        """
        select count(*) from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id
        where p.db = database() or database() is null
        """;

    // InnoDB renews its list only for who asks a tenth of a second after the last who did; anybody else gets the old one.
    private static readonly TimeSpan ListIsRenewed = TimeSpan.FromMilliseconds(150);

    public Database Database { get; } = database;

    public string ConnectionString { get; } = connectionString;

    public static async Task<TestDatabase> CreateAsync(DatabaseOptions? options = null, TimeProvider? timeProvider = null, MariaDbServer? server = null)
    {
        server ??= (await DataServers.StartAsync()).MariaDb;
        var connectionString = await server.CreateDatabaseAsync("defaults");
        var database = Open(connectionString, options, timeProvider);
        await MigrationsOf(database.Database).StartAsync(CancellationToken.None);
        return database;
    }

    public static TestDatabase Open(string connectionString, DatabaseOptions? options = null, TimeProvider? timeProvider = null)
    {
        DapperHandlers.Register();
        return new(new Database(connectionString, Options.Create(options ?? new()), timeProvider ?? TimeProvider.System), connectionString);
    }

    public static MigrationService MigrationsOf(Database database, TimeSpan? bound = null, TimeProvider? timeProvider = null) => new(
        database,
        new EmbeddedMigrations(typeof(TestDatabase).Assembly),
        [],
        bound ?? TimeSpan.FromMinutes(1),
        timeProvider ?? TimeProvider.System,
        NullLogger<MigrationService>.Instance);

    public Task<T?> ScalarAsync<T>(string sql, object? arguments = null, CancellationToken cancellationToken = default) => Database.RunAsync(
        (connection, token) => connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: token)), cancellationToken);

    public Task<int> ExecuteAsync(string sql, object? arguments = null, CancellationToken cancellationToken = default) => Database.RunAsync(
        (connection, token) => connection.ExecuteAsync(new CommandDefinition(sql, arguments, cancellationToken: token)), cancellationToken);

    public Task<List<T>> QueryAsync<T>(string sql, object? arguments = null) => Database.RunAsync(
        async (connection, token) => (await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: token))).ToList(),
        CancellationToken.None);

    /// <summary>How many connections of the server run a statement with this text at the moment.</summary>
    public Task<long> CountRunningAsync(string text) => ScalarAsync<long>(
        "select count(*) from information_schema.processlist where info like @pattern and id <> connection_id()", new { pattern = $"%{text}%" });

    public Task UntilRunningAsync(string text, int count) =>
        Eventually.BecomesTrueAsync(async () => await CountRunningAsync(text) == count, $"{count} statements with {text}");

    /// <summary>Of this database; without one, of the server.</summary>
    public Task UntilNoTransactionIsOpenAsync() => Eventually.BecomesTrueAsync(
        async () =>
        {
            await Task.Delay(ListIsRenewed);
            return await ScalarAsync<long>(OpenTransactions) == 0;
        },
        "no transaction is left open");

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
