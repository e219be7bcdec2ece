using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Routing;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Gateway;

[Trait("Spec", "LP-012")]
public sealed class AffinityTests : IAsyncLifetime
{
    private readonly RawModelServer _first = Answering("resp_first");
    private readonly RawModelServer _second = Answering("resp_second");
    private GatewayHost? _host;

    private GatewayHost Host => _host!;

    public async Task InitializeAsync() => _host = await GatewayHost.StartWithCatalogueAsync($$"""
        groups:
          - name: m
            endpoints:
              - { name: first, base_url: "{{_first.BaseUrl}}", model: x, api: responses }
              - { name: second, base_url: "{{_second.BaseUrl}}", model: x, api: responses }
        """);

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Continue_OwnResponse_GoesToItsEndpointEachTime(bool stream)
    {
        using var client = Host.Client();
        using var begun = await AskAsync(client, null, stream);
        var endpoint = begun.Headers.GetValues("X-Proxy-Endpoint").Single();
        await begun.Content.ReadAsStringAsync();
        await Host.Settled.NextAsync();

        for (var round = 0; round < 4; round++)
        {
            using var next = await AskAsync(client, $"resp_{endpoint}", stream);
            Assert.Equal((HttpStatusCode.OK, endpoint), (next.StatusCode, next.Headers.GetValues("X-Proxy-Endpoint").Single()));
        }
    }

    [Fact]
    public async Task Continue_SomebodyElses_IsAConflictAsIfNobodyHadIt()
    {
        using var owner = Host.Client();
        using var stranger = Host.Client();
        using var begun = await AskAsync(owner, null);
        await Host.Settled.NextAsync();

        using var stolen = await AskAsync(stranger, $"resp_{begun.Headers.GetValues("X-Proxy-Endpoint").Single()}");
        using var madeUp = await AskAsync(stranger, "resp_none");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (stolen.StatusCode, madeUp.StatusCode));
        var error = (await stolen.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(("previous_response_unavailable", "previous_response_id"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Equal(await stolen.Content.ReadAsStringAsync(), await madeUp.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Remember_AtOneReplica_IsKnownToTheOtherForThatCallerAndSixHoursOnly()
    {
        await using var other = await GatewayHost.StartAsync();
        var caller = new ModelCaller(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner);

        Host.Get<ResponseAffinity>().Remember(caller, "resp_1", "endpoint");

        await Eventually.BecomesTrueAsync(
            async () => await other.Get<ResponseAffinity>().FindAsync(caller, "resp_1", default) == "endpoint", "the other replica knows where the response was made");
        var left = await other.Get<RedisClient>().RunAsync(
            "PTTL model_affinity", database => database.KeyTimeToLiveAsync($"models:affinity:{caller.PracticeId:N}:{caller.UserId:N}:resp_1"), CancellationToken.None);
        Assert.InRange(left!.Value, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));
        Assert.Null(await other.Get<ResponseAffinity>().FindAsync(caller with { PracticeId = Guid.CreateVersion7() }, "resp_1", default));
        Assert.Null(await other.Get<ResponseAffinity>().FindAsync(caller with { UserId = Guid.CreateVersion7() }, "resp_1", default));
    }

    [Fact]
    public async Task Stop_WithResponsesNotYetWritten_WritesThemForTheOtherReplicas()
    {
        var caller = new ModelCaller(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner);
        var ids = Enumerable.Range(0, 20).Select(number => $"resp_{number}").ToList();
        using var ending = ActivatorUtilities.CreateInstance<ResponseAffinity>(Host.Get<IServiceProvider>());
        ids.ForEach(id => ending.Remember(caller, id, "endpoint"));

        // As when the stop came while the start was still waiting for a thread.
        await ending.StartAsync(new(canceled: true));
        await ending.StopAsync(CancellationToken.None);

        foreach (var id in ids)
        {
            Assert.Equal("endpoint", await Host.Get<ResponseAffinity>().FindAsync(caller, id, default));
        }
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string? previous, bool stream = false) =>
        client.PostAsJsonAsync("/test/responses", new { model = "m", input = "Hi", previous_response_id = previous, stream });

    private static RawModelServer Answering(string id) => RawModelServer.Start(async exchange =>
    {
        if (!exchange.Request.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await exchange.SendJsonAsync($$$"""{"id":"{{{id}}}","object":"response","status":"completed","output":[],"usage":{"input_tokens":1,"output_tokens":1}}""");
            return;
        }

        await exchange.BeginStreamAsync();
        await exchange.SendChunkAsync($"event: response.created\ndata: {{\"type\":\"response.created\",\"response\":{{\"id\":\"{id}\"}}}}\n\n");
        await exchange.SendChunkAsync($"event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{{\"id\":\"{id}\",\"usage\":{{\"input_tokens\":1,\"output_tokens\":1}}}}}}\n\n");
        await exchange.EndStreamAsync();
    });
}
