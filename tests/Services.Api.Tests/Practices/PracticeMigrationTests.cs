using System.Net;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Practices;

public sealed class PracticeMigrationTests
{
    [Fact]
    public async Task Migrations_RunTwice_LeaveWhatIsThere()
    {
        await using var service = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        using var owner = await service.CreateClientAsync(SamplePerson.OwnerA);
        await (await owner.WriteAsync(
            HttpMethod.Put, "/api/v1/clinic", """{"name":"Changed","ownerName":"Ingrid","timeZone":"Europe/Oslo","sessionFeeMinor":90000,"currency":"NOK"}""", ifMatch: "*"))
            .ReadAsync(HttpStatusCode.OK);
        string[] routes = ["/api/v1/clinic", "/api/v1/practitioners", "/api/v1/reports", "/api/v1/violations"];
        var before = await Task.WhenAll(routes.Select(owner.GetStringAsync));

        await service.ExecuteAsync("delete from schema_version where version in (15, 16, 17)");
        await using var next = service.CreateReplica();
        using var again = await next.CreateClientAsync(SamplePerson.OwnerA);

        Assert.Equal(before, await Task.WhenAll(routes.Select(again.GetStringAsync)));
        Assert.Equal(3, await next.ReadAsync<int>("select count(*) from schema_version where version in (15, 16, 17)"));
    }
}
