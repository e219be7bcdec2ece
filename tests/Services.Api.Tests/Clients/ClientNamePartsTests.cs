using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>A search goes over the kept ends of names, so a name without them would be lost to it.</summary>
public sealed class ClientNamePartsTests
{
    private const string PartsOfMaya =
        "select group_concat(part order by char_length(part) desc, part separator '|') from client_name_parts where client_id = @id and practice_id = @practice";

    private const string Parts =
        "a lindqvist|aya lindqvis|lindqvist|maya lindqvi|ya lindqvist|indqvist|ndqvist|dqvist|qvist|vist|ist|st|t";

    [Fact]
    public async Task Sample_FreshDatabase_HasTheEndsOfEveryName()
    {
        await using var service = await StartAsync();

        Assert.Equal(Sorted(Parts), Sorted(await ReadAsync(service)));
    }

    [Fact]
    public async Task Migration_ClientsFromBefore_GetTheSameEnds()
    {
        await using var service = await StartAsync();
        await service.ExecuteAsync("drop table client_name_parts; delete from schema_version where version = 19");
        await using var next = service.CreateReplica();

        Assert.Equal(Sorted(Parts), Sorted(await ReadAsync(next)));
    }

    [Fact]
    public async Task Migration_RunTwice_LeavesThem()
    {
        await using var service = await StartAsync();
        await service.ExecuteAsync("delete from schema_version where version = 19");
        await using var next = service.CreateReplica();

        Assert.Equal(Sorted(Parts), Sorted(await ReadAsync(next)));
    }

    private static string[]? Sorted(string? parts) => parts?.Split('|').Order(StringComparer.Ordinal).ToArray();

    private static Task<string?> ReadAsync(ApiFactory service) =>
        service.ReadAsync<string>(PartsOfMaya, new { id = ApiFactory.MayaLindqvist, practice = ApiFactory.PracticeA });

    private static async Task<ApiFactory> StartAsync()
    {
        var service = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        _ = service.Services;
        return service;
    }
}
