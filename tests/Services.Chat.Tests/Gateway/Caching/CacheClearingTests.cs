using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Caching;

public sealed class CacheClearingTests : IAsyncLifetime
{
    private readonly TestToken _user = new();
    private ModelServer? _model;
    private CacheHost? _host;

    private ModelServer Model => _model!;

    private CacheHost Host => _host!;

    private TestToken Owner => _user with { Role = UserRole.Owner, UserId = Guid.CreateVersion7() };

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        Model.Respond = _ => ModelReply.Text("Here.");
        _host = await CacheHost.StartWithAsync($$"""
            groups:
              - { name: m, aliases: [also-m], endpoints: [{ base_url: "{{Model.BaseUrl}}", model: x }] }
              - { name: n, cache: { scope: practice }, endpoints: [{ base_url: "{{Model.BaseUrl}}", model: y }] }
            """);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Model.DisposeAsync();
    }

    [Theory]
    [Trait("Spec", "LP-008")]
    [InlineData("", 4, "false", "false", "false", "false")]
    [InlineData("?model=also-m", 2, "false", "true", "false", "true")]
    [InlineData("?user={user}", 2, "false", "false", "true", "true")]
    [InlineData("?user={user}&model=n", 1, "true", "false", "true", "true")]
    [InlineData("?model=nobody", 0, "true", "true", "true", "true")]
    public async Task Clear_ByScope_TakesWhatIsInItOnBothReplicas(string query, int removed, params string[] hits)
    {
        var (colleague, stranger) = (_user with { UserId = Guid.CreateVersion7() }, new TestToken());
        (string Model, TestToken Caller)[] asked = [("m", _user), ("n", _user), ("m", colleague), ("n", colleague)];
        var replica = await Host.StartReplicaAsync();

        foreach (var (model, caller) in asked.Append(("m", stranger)))
        {
            await Host.AskAsync(Request(model, caller), caller);
            await Eventually.BecomesTrueAsync(async () => (await Host.AskAsync(Request(model, caller), caller, at: replica)).Hit == "true", "both replicas have it");
        }

        await Host.KeysAsync(_user, asked.Length);

        var (status, body) = await ClearAsync(query.Replace("{user}", $"{_user.UserId}", StringComparison.Ordinal), Owner);

        Assert.Equal((HttpStatusCode.OK, (long)removed), (status, body.GetProperty("removed").GetInt64()));
        Assert.Equal("true", (await Host.AskAsync(Request("m", stranger), stranger)).Hit);
        for (var index = 0; index < asked.Length; index++)
        {
            var (model, caller) = asked[index];
            var here = (await Host.AskAsync(Request(model, caller), caller)).Hit;
            Assert.True(hits[index] == here, $"{model} {index}: {here}");
        }

        // Where it was cleared it is again by now, from fresh replies; the other replica must not go on with the old ones.
        await Eventually.BecomesTrueAsync(() => Task.FromResult(replica.Get<CacheMemory>().Clearings > 0), "the other replica has heard of it");
    }

    [Fact]
    public async Task Clear_OnAnotherReplica_EmptiesThisOnesMemory()
    {
        var replica = await Host.StartReplicaAsync();
        var body = Request("m", _user);
        await Host.AskAsync(body, _user);
        await Eventually.BecomesTrueAsync(async () => (await Host.AskAsync(body, _user, at: replica)).Hit == "true", "both replicas have it");
        var before = Model.Requests.Count;

        await ClearAsync("", Owner);
        await Eventually.BecomesTrueAsync(() => replica.Get<CacheMemory>().Clearings > 0, "the other replica has heard of it");

        Assert.Equal(("false", before + 1), ((await Host.AskAsync(body, _user, at: replica)).Hit, Model.Requests.Count));
    }

    [Fact]
    public async Task Clear_WhileACallIsUnderWay_DoesNotLetItsReplyIn()
    {
        var gate = new TaskCompletionSource();
        Model.Enqueue(ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("Old.")));
        var body = Request("m", _user);
        var asking = Host.AskAsync(body, _user);
        await Model.NextRequestAsync();

        await ClearAsync("", Owner);
        gate.SetResult();
        var old = await asking;

        Assert.Contains("Old.", old.Text, StringComparison.Ordinal);
        var next = await Host.AskAsync(body, _user);
        Assert.Equal(("false", true), (next.Hit, next.Text.Contains("Here.", StringComparison.Ordinal)));
        Assert.Equal(("true", next.Text), await Host.AskAsync(body, _user) is var kept ? (kept.Hit, kept.Text) : default);
    }

    [Theory]
    [InlineData(UserRole.Practitioner, "", 403, "auth.forbidden")]
    [InlineData(UserRole.Reception, "", 403, "auth.forbidden")]
    [InlineData(UserRole.Client, "", 403, "auth.forbidden")]
    [InlineData(UserRole.Service, "", 403, "auth.forbidden")]
    [InlineData(UserRole.Admin, "?user=me", 400, "invalid_value")]
    [InlineData(UserRole.Owner, "?model=", 400, "invalid_value")]
    public async Task Clear_NotAllowedOrNotClear_IsRefused(UserRole role, string query, int status, string code)
    {
        var (answered, body) = await ClearAsync(query, _user with { Role = role });

        Assert.Equal((status, code), ((int)answered, body.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Delete_OfAResponse_LeavesNoCopyOfItInTheCache()
    {
        const string body = """{"model":"m","input":"Hi"}""";
        var first = await Host.AskAsync(body, _user, "/v1/responses");
        var id = JsonElement.Parse(first.Text).GetProperty("id").GetString();
        using var client = Host.Gateway.Client(_user);

        using var deleted = await client.DeleteAsync(new Uri($"/v1/responses/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        var next = await Host.AskAsync(body, _user, "/v1/responses");
        Assert.Equal("false", next.Hit);
        Assert.NotEqual(id, JsonElement.Parse(next.Text).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Calls_WhileRedisIsAway_AreMissesAndNoErrors()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await CacheHost.StartAsync(Model.BaseUrl, settings: ("ConnectionStrings:redis", redis.ConnectionString));
        var body = Request("m", _user);
        await host.AskAsync(body, _user);
        Assert.Equal("true", (await host.AskAsync(body, _user)).Hit);

        await redis.KillAsync();
        await Eventually.BecomesTrueAsync(() => !host.Gateway.Get<CacheClearing>().Hears, "the connection is seen to be gone");
        CacheReply[] away = [await host.AskAsync(body, _user), await host.AskAsync(body, _user)];
        using var owner = host.Gateway.Client(Owner);
        using var refused = await owner.DeleteAsync(new Uri("/cache", UriKind.Relative));
        await redis.StartAgainAsync();

        Assert.All(away, reply => Assert.Equal((HttpStatusCode.OK, "false"), (reply.Status, reply.Hit)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await Eventually.BecomesTrueAsync(async () => (await host.AskAsync(body, _user)).Hit == "true", "the cache answers again");
    }

    [Fact]
    public async Task Calls_WhileRedisHangs_WaitItsBoundAndAreMisses()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await CacheHost.StartAsync(
            Model.BaseUrl, "", ("ConnectionStrings:redis", redis.ConnectionString), ("Gateway:Cache:ReadMilliseconds", "50"));
        await redis.FreezeAsync();

        var first = await host.AskAsync(Request("m", _user), _user);
        await redis.ThawAsync();

        Assert.Equal((HttpStatusCode.OK, "false"), (first.Status, first.Hit));
    }

    [Fact]
    public async Task Metrics_OfTheCache_CountHitsMissesAndStores()
    {
        var counted = new Dictionary<string, long>();
        var model = $"counted-{Guid.CreateVersion7():N}";
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listener) => { if (instrument.Name.StartsWith("aiplatform.gateway.cache.", StringComparison.Ordinal)) { listener.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            if (tags.ToArray().Contains(new("gen_ai.request.model", model)))
            {
                lock (counted)
                {
                    counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + count;
                }
            }
        });
        listener.Start();
        await using var host = await CacheHost.StartWithAsync($$"""groups: [{ name: {{model}}, endpoints: [{ base_url: "{{Model.BaseUrl}}", model: x }] }]""");

        for (var call = 0; call < 3; call++)
        {
            await host.AskAsync(Request(model, _user), _user);
        }

        await Eventually.BecomesTrueAsync(
            () =>
            {
                lock (counted)
                {
                    return counted.GetValueOrDefault("aiplatform.gateway.cache.stores") == 1;
                }
            },
            "the reply is kept");
        Assert.Equal((2L, 1L), (counted["aiplatform.gateway.cache.hits"], counted["aiplatform.gateway.cache.misses"]));
    }

    // Requests to the shared group differ, so that each is its caller's own.
    private static string Request(string model, TestToken caller) => $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi {{caller.UserId}}"}]}""";

    private async Task<(HttpStatusCode Status, JsonElement Body)> ClearAsync(string query, TestToken caller)
    {
        using var client = Host.Gateway.Client(caller);
        using var response = await client.DeleteAsync(new Uri($"/cache{query}", UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
