using System.Net;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Data;

public sealed class LateDatabaseTests
{
    [Fact]
    public async Task Start_BeforeItsDatabase_SaysSoAndServesOnceItIsThere()
    {
        await using var server = await MariaDbServer.StartAsync();
        await using var factory = ApiFactory.On(await server.CreateDatabaseAsync("practice"));
        await server.KillAsync();
        using var http = factory.CreateClient();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health")).StatusCode);
        await (await http.GetAsync("/.well-known/jwks.json")).AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "database.unavailable");
        await server.StartAgainAsync();
        await Eventually.BecomesTrueAsync(async () => (await http.GetAsync("/health")).IsSuccessStatusCode, "the service is healthy");

        // The schema first, then the first key and the sample's people.
        await Eventually.BecomesTrueAsync(async () => await CanSignInAsync(factory), "the sample is there");
    }

    private static async Task<bool> CanSignInAsync(ApiFactory factory)
    {
        try
        {
            using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
            return (await nora.GetAsync("/api/v1/clinic")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
