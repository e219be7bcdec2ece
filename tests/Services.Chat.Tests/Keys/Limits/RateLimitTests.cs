using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Keys.Limits;

/// <summary>Requests and tokens per minute.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task Requests_PastTheLimit_Are429WithTheTimeToComeBack()
    {
        await using var rig = await LimitRig.StartAsync();
        var key = await rig.Keys.CreateAsync(new { name = "a", requestsPerMinute = 3 });
        await rig.StopTimeAsync("key", key.Id, requests: 3);
        using var program = rig.Keys.Program(key.Secret);

        var remaining = new List<string>();
        for (var call = 0; call < 3; call++)
        {
            using var admitted = await LimitRig.AskAsync(program);
            Assert.Equal((HttpStatusCode.OK, "3"), (admitted.StatusCode, Header(admitted, "x-ratelimit-limit-requests")));
            remaining.Add(Header(admitted, "x-ratelimit-remaining-requests"));
        }

        using var refused = await LimitRig.AskAsync(program);

        Assert.Equal(["2", "1", "0"], remaining);
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "0", "1m0s"),
            (refused.StatusCode, Header(refused, "x-ratelimit-remaining-requests"), Header(refused, "x-ratelimit-reset-requests")));

        // A third of a minute, less what the machine took to say so.
        var wait = int.Parse(Header(refused, "Retry-After"), CultureInfo.InvariantCulture);
        Assert.InRange(wait, 1, 20);
        Assert.Equal(
            $$$"""{"error":{"message":"The limit is reached of requests per minute: 3. Try again in {{{wait}}} s.","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""",
            await refused.Content.ReadAsStringAsync());
        Assert.Equal(3, rig.Model.Requests.Count);

        // A minute later.
        await rig.StopTimeAsync("key", key.Id, requests: 3);
        rig.Keys.Clock.Shift += TimeSpan.FromMinutes(1);
        Assert.Equal([200, 200, 200, 429], await LimitRig.AskAsync(program, 4));
    }

    [Fact]
    public async Task Requests_OverTwoReplicasAtOnce_AreTheLimitTogether()
    {
        const int Limit = 32;
        const int Slice = 2;
        await using var rig = await LimitRig.StartAsync();
        await using var other = rig.Keys.Chat.StartReplica();
        var key = await rig.Keys.CreateAsync(new { name = "a", requestsPerMinute = Limit });
        await rig.StopTimeAsync("key", key.Id, requests: Limit);
        using var here = rig.Keys.Program(key.Secret);
        using var there = rig.Keys.Program(key.Secret, other);

        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * Limit).Select(async call =>
        {
            using var response = await LimitRig.AskAsync(call % 2 == 0 ? here : there);
            return (int)response.StatusCode;
        }));

        // Never one more; fewer only by what a replica took in advance and had no call for.
        Assert.InRange(answers.Count(status => status == 200), Limit - (2 * Slice), Limit);
        Assert.Equal(rig.Model.Requests.Count, answers.Count(status => status == 200));
        Assert.All(answers, status => Assert.Contains(status, (int[])[200, 429]));
    }

    [Fact]
    public async Task Tokens_Settled_CostWhatWasUsedAndNotWhatWasEstimated()
    {
        await using var rig = await LimitRig.StartAsync();
        var key = await rig.Keys.CreateAsync(new { name = "a", tokensPerMinute = 1_500 });
        await rig.StopTimeAsync("key", key.Id, tokens: 1_500);
        using var program = rig.Keys.Program(key.Secret);

        // Each is estimated at more than a thousand, and uses 19.
        for (var call = 0; call < 10; call++)
        {
            await LimitRig.IsAdmittedAsync(program, "the call before is settled");
        }

        using var last = await AskForAsync(program, maxTokens: 100_000);
        Assert.Equal("1500", Header(last, "x-ratelimit-limit-tokens"));
        Assert.Equal((int)HttpStatusCode.TooManyRequests, (int)last.StatusCode);
        Assert.Contains("tokens per minute: 1500", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_MoreThanEstimated_AreOwed()
    {
        await using var rig = await LimitRig.StartAsync();
        rig.Model.Respond = _ => ModelReply.Text("Here.") with { PromptTokens = 4_000, CompletionTokens = 1_000 };
        var key = await rig.Keys.CreateAsync(new { name = "a", tokensPerMinute = 3_000 });
        await rig.StopTimeAsync("key", key.Id, tokens: 3_000);
        using var program = rig.Keys.Program(key.Secret);

        Assert.Equal([200], await LimitRig.AskAsync(program, 1));

        await Eventually.BecomesTrueAsync(async () => (await AskForAsync(program, maxTokens: 1)).StatusCode == HttpStatusCode.TooManyRequests, "what was used too much is owed");
    }

    [Fact]
    public async Task Requests_OfOneUserWithTwoKeysAndAToken_CountTogether()
    {
        await using var rig = await LimitRig.StartAsync(("Limits:PerUser:RequestsPerMinute", "3"));
        await rig.StopTimeAsync("user", rig.Keys.Owner.UserId, requests: 3);
        using var first = rig.Keys.Program((await rig.Keys.CreateAsync(new { name = "a" })).Secret);
        using var second = rig.Keys.Program((await rig.Keys.CreateAsync(new { name = "b" })).Secret);
        using var owner = rig.Keys.OwnerClient();
        using var colleague = rig.Keys.Chat.CreateClient(rig.Keys.Owner with { UserId = Guid.CreateVersion7() });

        Assert.Equal([200, 200, 200], (List<int>)[.. await LimitRig.AskAsync(first, 1), .. await LimitRig.AskAsync(second, 1), .. await LimitRig.AskAsync(owner, 1)]);
        Assert.Equal([429, 429, 429], (List<int>)[.. await LimitRig.AskAsync(first, 1), .. await LimitRig.AskAsync(second, 1), .. await LimitRig.AskAsync(owner, 1)]);
        Assert.Equal([200], await LimitRig.AskAsync(colleague, 1));
    }

    [Fact]
    public async Task Requests_OfOnePractice_CountTogetherAndNotWithAnother()
    {
        await using var rig = await LimitRig.StartAsync(("Limits:PerPractice:RequestsPerMinute", "2"));
        await rig.StopTimeAsync("practice", rig.Keys.Owner.PracticeId, requests: 2);
        using var owner = rig.Keys.OwnerClient();
        using var colleague = rig.Keys.Chat.CreateClient(rig.Keys.Owner with { UserId = Guid.CreateVersion7(), Role = UserRole.Practitioner });
        using var stranger = rig.Keys.Chat.CreateClient(new TestToken());

        Assert.Equal([200, 200, 429, 429], (List<int>)[.. await LimitRig.AskAsync(owner, 1), .. await LimitRig.AskAsync(colleague, 2), .. await LimitRig.AskAsync(owner, 1)]);
        Assert.Equal([200], await LimitRig.AskAsync(stranger, 1));
    }

    [Fact]
    public async Task Run_PastItsUsersLimit_EndsAsRateLimited()
    {
        var user = new TestToken();
        await using var host = await ChatHost.StartAsync(settings: new() { ["Limits:PerUser:RequestsPerMinute"] = "1", ["Limits:PatienceMilliseconds"] = "10000" });
        await LimitRig.StopTimeAsync(host, user, "user", user.UserId, requests: 1);
        await using var socket = await host.ConnectAsync(user, "/ws/s1");

        var first = await socket.AskAsync("Hello, who are you?");
        var second = await socket.AskAsync("And what can you do?");

        Assert.Equal("completed", first[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        Assert.Equal("failed", second[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        Assert.Equal("rate_limited", second.Single(frame => frame.Type == "error").TextOf("code"));
    }

    [Fact]
    public async Task Requests_WhileRedisIsAway_GoOnWithinTheReplicasPart()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var rig = await LimitRig.StartAsync(("ConnectionStrings:redis", redis.ConnectionString));
        var key = await rig.Keys.CreateAsync(new { name = "a", requestsPerMinute = 1 });
        using var program = rig.Keys.Program(key.Secret);
        Assert.Equal([200], await LimitRig.AskAsync(program, 1));

        await redis.KillAsync();
        Assert.Equal([429], await LimitRig.AskAsync(program, 1));
        rig.Keys.Clock.Shift += TimeSpan.FromMinutes(1);
        await LimitRig.IsAdmittedAsync(program, "a minute's part is there without Redis");
        var next = await LimitRig.AskAsync(program, 1);
        rig.Keys.Clock.Shift += TimeSpan.FromMinutes(1);
        await LimitRig.IsAdmittedAsync(program, "and the next minute's");

        Assert.Equal([429], next);
    }

    private static async Task<HttpResponseMessage> AskForAsync(HttpClient program, int maxTokens) => await program.PostAsJsonAsync(
        "/v1/chat/completions", new { model = "default", max_tokens = maxTokens, messages = new[] { new { role = "user", content = "Hello there" } } });

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : string.Create(CultureInfo.InvariantCulture, $"no {name}");
}
