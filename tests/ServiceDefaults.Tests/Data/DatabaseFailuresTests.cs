using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>What the server or the network is to blame for has a name; what we are to blame for stays the driver's exception.</summary>
public sealed class DatabaseFailuresTests
{
    [Fact]
    public async Task Run_DatabaseMissing_IsNamed()
    {
        var server = (await DataServers.StartAsync()).MariaDb;
        await using var database = TestDatabase.Open($"{server.ConnectionString};Database=never_made");

        Assert.Equal(DatabaseReasons.Missing, await ReasonAsync(() => database.ExecuteAsync("select 1")));
    }

    [Fact]
    public async Task Run_TableFull_IsNamedAndLeavesTheConnectionInUse()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 1 });
        var before = await database.ScalarAsync<long>("select connection_id()");
        await database.ExecuteAsync("set session max_heap_table_size = 16384");
        await database.ExecuteAsync("create table small (id int primary key, name char(200)) engine = memory");

        var reason = await ReasonAsync(async () =>
        {
            for (var id = 0; id < 1000; id++)
            {
                await database.ExecuteAsync("insert into small (id, name) values (@id, 'x')", new { id });
            }
        });

        Assert.Equal(DatabaseReasons.Full, reason);
        Assert.Equal(before, await database.ScalarAsync<long>("select connection_id()"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_StatementStoppedByAnOperator_IsNamed(bool isRead)
    {
        await using var database = await TestDatabase.CreateAsync();
        var text = $"is stopped {isRead}";
        var sql = $"select count(*), '{text}' from seq_1_to_100000 a, seq_1_to_100000 b, seq_1_to_100000 c";
        Task stopped = isRead ? database.QueryAsync<long>(sql) : database.ExecuteAsync(sql);
        await database.UntilRunningAsync(text, 1);

        await KillAsync(database, "query", text);

        Assert.Equal(DatabaseReasons.Interrupted, await ReasonAsync(() => stopped));
    }

    [Fact]
    public async Task Run_ConnectionEndedByAnOperator_IsNamedAndReplaced()
    {
        await using var database = await TestDatabase.CreateAsync(new DatabaseOptions { Connections = 2 });
        var cut = database.ExecuteAsync("select sleep(60), 'is ended'");
        await database.UntilRunningAsync("is ended", 1);

        await KillAsync(database, "connection", "is ended");

        Assert.Equal(DatabaseReasons.ConnectionLost, await ReasonAsync(() => cut));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => database.ScalarAsync<int>("select 1"))), answer => Assert.Equal(1, answer));
    }

    [Theory]
    [InlineData("selec 1")]
    [InlineData("select nothing from nowhere")]
    [InlineData("select @neverGiven + ?neverGiven")]
    public async Task Run_BadStatement_StaysTheDriversException(string sql)
    {
        await using var database = await TestDatabase.CreateAsync();

        await Assert.ThrowsAnyAsync<DbException>(() => database.ExecuteAsync(sql));
    }

    [Fact]
    public async Task RunInTransaction_DeadlockEveryTime_IsNamedInTheEnd()
    {
        await using var database = await TestDatabase.CreateAsync();
        var attempts = 0;

        // What the server says to a victim, in its own words.
        var reason = await ReasonAsync(() => database.Database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                attempts++;
                await connection.ExecuteAsync(new CommandDefinition(
                    "signal sqlstate '40001' set mysql_errno = 1213, message_text = 'Deadlock found'", null, transaction, cancellationToken: token));
            },
            CancellationToken.None));

        Assert.Equal((DatabaseReasons.Deadlock, 4), (reason, attempts));
    }

    internal static async Task<string?> ReasonAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (DatabaseUnavailableException exception)
        {
            Assert.Equal("database.unavailable", exception.Code);
            return exception.Reason;
        }
    }

    private static async Task KillAsync(TestDatabase database, string what, string text)
    {
        var id = await database.ScalarAsync<long>(
            "select id from information_schema.processlist where info like @pattern and id <> connection_id()", new { pattern = $"%{text}%" });
        await database.ExecuteAsync($"kill {what} {id}");
    }
}
