using AiPlatform.Services.Api.Data.Sample;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Clients;

public sealed class CareMigrationTests
{
    private const string Relations =
        """
        select group_concat(
            concat_ws(' ', right(c.id, 3), right(r.practitioner_id, 3), r.kind, r.started_on = c.started_at, r.ended_on is null, r.version) order by c.id separator ', ')
        from clients c
        join care_relations r on r.client_id = c.id and r.practice_id = c.practice_id
        where c.practice_id = @practice
        """;

    private const string OfB =
        "301 101 main 1 1 1, 302 101 main 1 1 1, 303 101 main 1 1 1, 304 101 main 1 1 1, 305 101 main 1 1 1, "
        + "306 102 main 1 1 1, 307 102 main 1 1 1, 308 102 main 1 1 1, 309 102 main 1 1 1, 310 102 main 1 1 1";

    [Fact]
    public async Task Sample_FreshDatabase_EveryClientIsTreatedByTheirPractitioner()
    {
        await using var service = await StartAsync();

        Assert.Equal(OfB, await RelationsAsync(service));
    }

    [Fact]
    public async Task Migration_ClientsFromBefore_GetTheRelationTheyHad()
    {
        await using var service = await StartAsync();
        await service.ExecuteAsync("drop table care_relations; delete from schema_version where version = 10");
        await using var next = service.CreateReplica();

        Assert.Equal(OfB, await RelationsAsync(next));
    }

    [Fact]
    public async Task Migration_RunTwice_LeavesWhatWasArranged()
    {
        await using var service = await StartAsync();
        await service.ExecuteAsync("update care_relations set practitioner_id = right(practitioner_id, 1), kind = 'cover' where right(client_id, 3) <> '302'");
        await service.ExecuteAsync("delete from care_relations where right(client_id, 3) = '302'; delete from schema_version where version = 10");
        var before = await RelationsAsync(service);
        await using var next = service.CreateReplica();

        Assert.Equal(before?.Replace("303 1 ", "302 101 main 1 1 1, 303 1 ", StringComparison.Ordinal), await RelationsAsync(next));
    }

    [Fact]
    public async Task Load_NewEditionOverAnEarlierOne_AddsNoSecondRelation()
    {
        await using var service = await StartAsync();
        await service.ExecuteAsync("update care_relations set id = uuid(); delete from sample_loads");

        Assert.True(await service.Services.GetRequiredService<SampleLoader>().LoadAsync(CancellationToken.None));

        Assert.Equal(OfB, await RelationsAsync(service));
    }

    private static Task<string?> RelationsAsync(ApiFactory service) => service.ReadAsync<string>(Relations, new { practice = ApiFactory.PracticeB });

    private static async Task<ApiFactory> StartAsync()
    {
        var service = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        _ = service.Services;
        return service;
    }
}
