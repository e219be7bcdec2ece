using AiPlatform.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.ServiceDefaults.Tests.Http;

public sealed class CorrelationTests
{
    [Theory]
    [InlineData("case-7")]
    [InlineData("A.b_c-9")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    [Trait("Spec", "T004-065")]
    public async Task Call_WithCorrelationId_IsTakenOverPassedOnAndEchoed(string correlationId)
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.Text("ok"));
        await using var service = await StartAsync(neighbour);

        var response = await service.GetAsync("/forward", headers: headers => headers.Add(Correlation.Header, correlationId));

        Assert.Equal([correlationId], response.Headers.GetValues(Correlation.Header));
        Assert.Equal([correlationId], neighbour.Headers(Correlation.Header));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    [InlineData("a,b")]
    [InlineData("<script>")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public async Task Call_WithoutUsableCorrelationId_GetsTheTraceIdEverywhere(string? correlationId)
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.Text("ok"));
        await using var service = await StartAsync(neighbour);

        var response = await service.GetAsync("/forward", headers: headers =>
        {
            headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            headers.TryAddWithoutValidation(Correlation.Header, correlationId);
        });

        Assert.Equal(["4bf92f3577b34da6a3ce929d0e0e4736"], response.Headers.GetValues(Correlation.Header));
        Assert.Equal(["4bf92f3577b34da6a3ce929d0e0e4736"], neighbour.Headers(Correlation.Header));
    }

    [Fact]
    public async Task Call_TwoOnOneConnection_EachHasItsOwn()
    {
        await using var neighbour = await Neighbour.StartAsync(_ => Results.Text("ok"));
        await using var service = await StartAsync(neighbour);

        var first = await service.GetAsync("/forward", headers: headers => headers.Add(Correlation.Header, "first"));
        var second = await service.GetAsync("/forward");

        var id = Assert.Single(second.Headers.GetValues(Correlation.Header));
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(["first", id], neighbour.Headers(Correlation.Header));
        Assert.Equal(["first"], first.Headers.GetValues(Correlation.Header));
    }

    private static Task<TestService> StartAsync(Neighbour neighbour) => TestService.StartAsync(
        app => app.MapGet("/forward", (NeighbourClient client) => client.Http.GetStringAsync("/")).AllowAnonymous(),
        builder => builder.Services.AddServiceClient<NeighbourClient>("neighbour"),
        new() { ["services:neighbour:http:0"] = neighbour.Url });
}
