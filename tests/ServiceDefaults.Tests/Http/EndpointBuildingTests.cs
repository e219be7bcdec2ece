using System.Net;
using Microsoft.AspNetCore.Builder;

namespace AiPlatform.ServiceDefaults.Tests.Http;

public sealed class EndpointBuildingTests
{
    [Fact]
    public async Task Start_EndpointsOfAGroup_AreBuiltOnce()
    {
        var built = 0;
        await using var service = await TestService.StartAsync(app =>
        {
            var group = app.MapGroup("/notes").AllowAnonymous();
            group.MapGet("/", () => "none").WithName("ListNotes");
            group.MapGet("/{id:guid}", (Guid id) => $"{id}").Finally(_ => Interlocked.Increment(ref built));
            app.BuildEndpointsOnce();
        });

        var answer = await service.GetAsync($"/notes/{Guid.Empty}");

        Assert.Equal((HttpStatusCode.OK, $"{Guid.Empty}", 1), (answer.StatusCode, await answer.Content.ReadAsStringAsync(), built));
    }
}
