using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Data;

public sealed class LastUpdatedTests
{
    private const string Maya = "0a000000-0000-7000-8000-000000000301";

    [Fact]
    public async Task Migration_TablesWithoutTheColumn_TakesTheTimeOfCreation()
    {
        await using var service = await StartAsync();
        foreach (var table in new[] { "clients", "practitioners", "clinical_sessions" })
        {
            await ExecuteAsync(service, $"alter table {table} drop key {table}_updated");
            if (table == "clinical_sessions")
            {
                await ExecuteAsync(service, "alter table clinical_sessions drop key clinical_sessions_client_updated");
            }

            await ExecuteAsync(service, $"alter table {table} drop column updated_at");
            await ExecuteAsync(service, $"update {table} set created_at = '2026-01-02 03:04:05.000006'");
        }

        await ExecuteAsync(service, "delete from schema_version where version = 9");
        await using var next = service.CreateReplica();

        Assert.Equal(
            [("clients", 24, 0), ("clinical_sessions", 60, 0), ("practitioners", 5, 0)],
            await QueryAsync<(string, int, int)>(
                next,
                """
                select 'clients', count(*), cast(sum(updated_at <> created_at) as signed) from clients
                union all select 'clinical_sessions', count(*), cast(sum(updated_at <> created_at) as signed) from clinical_sessions
                union all select 'practitioners', count(*), cast(sum(updated_at <> created_at) as signed) from practitioners
                order by 1
                """));
    }

    [Fact]
    public async Task Migration_RunTwice_LeavesTheTimes()
    {
        await using var service = await StartAsync();
        await ExecuteAsync(service, $"update clients set updated_at = '2026-11-20 10:00:00' where id = '{Maya}'");

        await ExecuteAsync(service, "delete from schema_version where version = 9");
        await using var next = service.CreateReplica();

        Assert.Equal(
            [new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero)],
            await QueryAsync<DateTimeOffset>(next, $"select updated_at from clients where id = '{Maya}'"));
    }

    private static async Task<ApiFactory> StartAsync()
    {
        var service = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        _ = service.Services;
        return service;
    }

    private static Task<int> ExecuteAsync(ApiFactory service, string sql) => Database(service).RunAsync(
        (connection, token) => connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: token)), CancellationToken.None);

    private static Task<List<T>> QueryAsync<T>(ApiFactory service, string sql) => Database(service).RunAsync<List<T>>(
        async (connection, token) => [.. await connection.QueryAsync<T>(new CommandDefinition(sql, cancellationToken: token))], CancellationToken.None);

    private static Database Database(ApiFactory service) => service.Services.GetRequiredService<Database>();
}
