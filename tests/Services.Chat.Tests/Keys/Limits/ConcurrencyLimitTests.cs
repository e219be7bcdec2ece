using System.Net;
using System.Net.Http.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Keys.Limits;

/// <summary>Calls in flight at once.</summary>
public sealed class ConcurrencyLimitTests
{
    [Fact]
    public async Task Calls_PastTheLimitOverTwoReplicas_Are429UntilOneEnds()
    {
        await using var rig = await LimitRig.StartAsync();
        await using var other = rig.Keys.Chat.StartReplica();
        var gate = new TaskCompletionSource();
        rig.Model.Respond = _ => ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("Here."));
        var key = await rig.Keys.CreateAsync(new { name = "a", concurrency = 2 });
        using var here = rig.Keys.Program(key.Secret);
        using var there = rig.Keys.Program(key.Secret, other);
        var first = LimitRig.AskAsync(here);
        await rig.Model.NextRequestAsync();
        var second = LimitRig.AskAsync(there);
        await rig.Model.NextRequestAsync();

        using var refusedHere = await LimitRig.AskAsync(here);
        using var refusedThere = await LimitRig.AskAsync(there);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (refusedHere.StatusCode, refusedThere.StatusCode));
        Assert.Equal("1", refusedHere.Headers.GetValues("Retry-After").Single());
        Assert.Equal(
            """{"error":{"message":"The limit is reached of requests at once: 2. Try again in 1 s.","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""",
            await refusedThere.Content.ReadAsStringAsync());
        gate.SetResult();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await first).StatusCode, (await second).StatusCode));
        await LimitRig.IsAdmittedAsync(here, "the places are free again");
        await LimitRig.IsAdmittedAsync(there, "the places are free again");
    }

    [Fact]
    public async Task Calls_OneAtATimeByTurnsOverTwoReplicas_AreNeverRefusedForLong()
    {
        await using var rig = await LimitRig.StartAsync();
        await using var other = rig.Keys.Chat.StartReplica();
        var key = await rig.Keys.CreateAsync(new { name = "a", concurrency = 1 });
        using var here = rig.Keys.Program(key.Secret);
        using var there = rig.Keys.Program(key.Secret, other);

        for (var turn = 0; turn < 5; turn++)
        {
            await LimitRig.IsAdmittedAsync(here, "the other replica gives its place back");
            await LimitRig.IsAdmittedAsync(there, "the other replica gives its place back");
        }

        Assert.Equal(10, rig.Model.Requests.Count);
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("stream")]
    [InlineData("refused by the provider")]
    [InlineData("cut")]
    [InlineData("cut in mid-stream")]
    [InlineData("left before the reply")]
    [InlineData("left in mid-stream")]
    [InlineData("no such parameter")]
    public async Task Call_HoweverItEnds_LeavesItsPlaceFree(string end)
    {
        await using var rig = await LimitRig.StartAsync();
        var key = await rig.Keys.CreateAsync(new { name = "a", concurrency = 1 });
        using var program = rig.Keys.Program(key.Secret);
        rig.Model.Enqueue(end switch
        {
            "refused by the provider" => ModelReply.Refuse(HttpStatusCode.BadRequest),
            "cut" => ModelReply.Of(new ModelStep.Cut()),
            "cut in mid-stream" => ModelReply.Of(new ModelStep.TextDelta("He"), new ModelStep.Cut()),
            "left before the reply" => ModelReply.Hang(),
            "left in mid-stream" => ModelReply.Of(new ModelStep.TextDelta("He"), new ModelStep.Wait(Timeout.InfiniteTimeSpan)),
            _ => ModelReply.Text("Here."),
        });

        await EndAsync(rig, program, end);

        await LimitRig.IsAdmittedAsync(program, $"the place of a call that ended so is free: {end}");
    }

    [Fact]
    public async Task Kill_ReplicaWithCallsInFlight_GivesItsPlacesBackWithTheLease()
    {
        await using var rig = await LimitRig.StartAsync(("Limits:LeaseSeconds", "6"));
        await using var issuer = await JwksServer.StartAsync(rig.Keys.Chat.Tokens);
        var key = await rig.Keys.CreateAsync(new { name = "a", concurrency = 2 });
        using var here = rig.Keys.Program(key.Secret);
        rig.Model.Respond = _ => ModelReply.Hang();
        await using var dying = await ServiceProcess.StartAsync("Services.Chat", new Dictionary<string, string>(rig.Keys.Chat.Settings) { ["Auth:Authority"] = issuer.Url });
        using var there = new HttpClient { BaseAddress = dying.Url };
        there.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret);
        var lost = new[] { LimitRig.AskAsync(there), LimitRig.AskAsync(there) };
        await rig.Model.NextRequestAsync();
        await rig.Model.NextRequestAsync();
        Assert.Equal([429], await LimitRig.AskAsync(here, 1));

        await dying.KillAsync();

        foreach (var call in lost)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => call);
        }

        // Both places come back, and only both.
        var gate = new TaskCompletionSource();
        rig.Model.Respond = _ => ModelReply.Of(new ModelStep.Wait(gate.Task), new ModelStep.TextDelta("Here."));
        var calls = new List<Task<HttpResponseMessage>>();
        var reached = rig.Model.NextRequestAsync();
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var call = LimitRig.AskAsync(here);
                if (await Task.WhenAny(call, reached) == reached)
                {
                    calls.Add(call);
                    reached = calls.Count < 2 ? rig.Model.NextRequestAsync() : reached;
                }

                return calls.Count == 2;
            },
            "the places of the dead replica are free");
        Assert.Equal([429], await LimitRig.AskAsync(here, 1));
        gate.SetResult();
        Assert.All(await Task.WhenAll(calls), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Kill_ReplicaThatHeldPartOfARate_LeavesTheWholeOfItToTheOthers()
    {
        const int Limit = 16;
        await using var rig = await LimitRig.StartAsync(("Limits:LeaseSeconds", "2"));
        await using var issuer = await JwksServer.StartAsync(rig.Keys.Chat.Tokens);
        var key = await rig.Keys.CreateAsync(new { name = "a", requestsPerMinute = Limit });
        await rig.StopTimeAsync("key", key.Id, requests: Limit);
        using var here = rig.Keys.Program(key.Secret);
        await using var dying = await ServiceProcess.StartAsync("Services.Chat", new Dictionary<string, string>(rig.Keys.Chat.Settings) { ["Auth:Authority"] = issuer.Url });
        using var there = new HttpClient { BaseAddress = dying.Url };
        there.DefaultRequestHeaders.Authorization = new("Bearer", key.Secret);
        Assert.Equal([200, 200], await LimitRig.AskAsync(there, 2));

        await dying.KillAsync();
        var left = (await LimitRig.AskAsync(here, Limit)).Count(status => status == 200);

        // In the same minute: what was spent, and at most the slice that died with its replica.
        Assert.InRange(left, Limit - 3, Limit - 2);
        await rig.StopTimeAsync("key", key.Id, requests: Limit);
        rig.Keys.Clock.Shift += TimeSpan.FromMinutes(1);
        Assert.Equal([.. Enumerable.Repeat(200, Limit), 429], await LimitRig.AskAsync(here, Limit + 1));
    }

    private static async Task EndAsync(LimitRig rig, HttpClient program, string end)
    {
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(end == "no such parameter"
                ? (object)new { model = "default", messages = "none" }
                : new { model = "default", stream = end.Contains("stream", StringComparison.Ordinal), messages = new[] { new { role = "user", content = "Hello" } } }),
        };
        var sent = program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);

        switch (end)
        {
            case "left before the reply":
                await rig.Model.NextRequestAsync();
                await leaving.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
                break;
            case "left in mid-stream":
                using (var response = await sent)
                {
                    await using var body = await response.Content.ReadAsStreamAsync();
                    Assert.True(await body.ReadAsync(new byte[16]) > 0);
                }

                break;
            default:
                using (var response = await sent)
                {
                    await response.Content.ReadAsByteArrayAsync();
                }

                break;
        }
    }
}
