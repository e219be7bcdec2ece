using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>Through a proxy that cuts and swallows.</summary>
public sealed class DatabaseProxyTests
{
    [Fact]
    public async Task Run_ConnectionsFallSilent_AreLeftAndReplaced()
    {
        await using var proxy = FaultProxy.Start((await DataServers.StartAsync()).MariaDb.Port);

        // Long enough for a busy machine to open both connections.
        await using var database = await OpenAsync(proxy, new DatabaseOptions { Connections = 2, TimeoutSeconds = 5 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.ScalarAsync<int>("select 1")));

        proxy.FallSilent();
        var reasons = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DatabaseFailuresTests.ReasonAsync(() => database.ScalarAsync<int>("select 1"))));
        proxy.Heal();

        Assert.All(reasons, reason => Assert.Equal(DatabaseReasons.Timeout, reason));

        // The driver itself would hold on to its connections for half a minute.
        await Eventually.BecomesTrueAsync(
            async () => await DatabaseFailuresTests.ReasonAsync(() => database.ScalarAsync<int>("select 1")) is null,
            "new connections take over",
            TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task RunInTransaction_CutWithinAnyReply_IsWholeOrNotThere()
    {
        await using var proxy = FaultProxy.Start((await DataServers.StartAsync()).MariaDb.Port);
        await using var database = await OpenAsync(proxy, new DatabaseOptions { Connections = 1 });
        await using var direct = TestDatabase.Open(database.ConnectionString);
        List<string> wrong = [];

        // Which statement is cut, and after how many bytes of its reply (header, kind, counts); the last one is the commit.
        foreach (var (statement, bytes) in Enumerable.Range(0, 4).SelectMany(statement => ((int[])[0, 1, 3, 4, 5, 7, 10]).Select(bytes => (statement, bytes))))
        {
            var name = $"{statement}/{bytes}";
            await DatabaseFailuresTests.ReasonAsync(() => database.ScalarAsync<int>("select 1"));
            var reason = await DatabaseFailuresTests.ReasonAsync(() => database.Database.RunInTransactionAsync(
                async (connection, transaction, token) =>
                {
                    for (var insert = 0; insert < 3; insert++)
                    {
                        CutBefore(insert);
                        await connection.ExecuteAsync(new CommandDefinition(
                            "insert into note (id, name) values (@id, @name)", new { id = Guid.CreateVersion7(), name = $"{name} {insert}" }, transaction, cancellationToken: token));
                    }

                    CutBefore(3);
                },
                CancellationToken.None));
            proxy.Heal();
            await direct.UntilNoTransactionIsOpenAsync();
            var rows = await direct.ScalarAsync<long>("select count(*) from note where name like @name", new { name = $"{name} %" });

            // Cut in the reply to its commit it may have happened; nobody can know without asking.
            if (reason is not (null or DatabaseReasons.ConnectionLost) || (rows != 0 && rows != 3) || (rows == 3 && statement < 3 && reason is not null))
            {
                wrong.Add($"{name}: {reason}, {rows} rows");
            }

            void CutBefore(int next)
            {
                if (next == statement)
                {
                    proxy.CutReplies(bytes);
                }
            }
        }

        Assert.Empty(wrong);
    }

    private static async Task<TestDatabase> OpenAsync(FaultProxy proxy, DatabaseOptions options)
    {
        var server = (await DataServers.StartAsync()).MariaDb;
        await using var made = await TestDatabase.CreateAsync();
        return TestDatabase.Open(made.ConnectionString.Replace($"Port={server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal), options);
    }
}
