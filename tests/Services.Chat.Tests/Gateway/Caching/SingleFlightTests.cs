using System.Net;
using System.Text;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Gateway.Caching;

/// <summary>Identical requests at the same time: one of them is asked for, and nobody depends on anybody else staying.</summary>
public sealed class SingleFlightTests : IAsyncLifetime
{
    private const string Body = """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""";
    private const string Stream = """{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}""";

    private readonly TestToken _user = new();
    private readonly TaskCompletionSource _gate = new();
    private ModelServer? _model;
    private CacheHost? _host;

    private ModelServer Model => _model!;

    private CacheHost Host => _host!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        _host = await CacheHost.StartAsync(Model.BaseUrl, "cooldown: 0s,");
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Model.DisposeAsync();
    }

    [Theory]
    [InlineData(Body)]
    [InlineData(Stream)]
    public async Task Ask_TwentyAtOnce_AsksTheEndpointOnce(string body)
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One "), new ModelStep.Wait(_gate.Task), new ModelStep.TextDelta("two.")));

        var asking = Enumerable.Range(0, 20).Select(_ => Host.AskAsync(body, _user)).ToList();
        await FollowersAsync(19);
        _gate.SetResult();
        var replies = await Task.WhenAll(asking);

        Assert.Single(Model.Requests);
        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        Assert.Equal((1, 19), (replies.Count(reply => reply.Hit == "false"), replies.Count(reply => reply.Hit == "true")));
        var settled = new List<ModelCallOutcome>();
        for (var call = 0; call < 20; call++)
        {
            settled.Add((await Host.SettledAsync()).Outcome);
        }

        Assert.Equal((1, 19), (settled.Count(outcome => outcome == ModelCallOutcome.Complete), settled.Count(outcome => outcome == ModelCallOutcome.Cached)));
    }

    [Fact]
    public async Task Ask_OtherUsersAtOnce_AskEachForThemselves()
    {
        Model.Respond = _ => ModelReply.Of(new ModelStep.Wait(_gate.Task), new ModelStep.TextDelta("Yours."));

        var asking = Enumerable.Range(0, 3).Select(_ => Host.AskAsync(Body, _user with { UserId = Guid.CreateVersion7() })).ToList();
        for (var request = 0; request < 3; request++)
        {
            await Model.NextRequestAsync();
        }

        _gate.SetResult();

        Assert.All(await Task.WhenAll(asking), reply => Assert.Equal("false", reply.Hit));
    }

    [Fact]
    public async Task Leader_WhoLeaves_LeavesTheOthersTheirReply()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One "), new ModelStep.Wait(_gate.Task), new ModelStep.TextDelta("two.")));
        var leader = await LeadAsync();
        var following = Host.AskAsync(Stream, _user);
        await FollowersAsync(1);

        leader.Dispose();
        _gate.SetResult();
        var reply = await following;

        Assert.Equal("true", reply.Hit);
        Assert.EndsWith("data: [DONE]\n\n", reply.Text, StringComparison.Ordinal);
        Assert.Contains("two.", reply.Text, StringComparison.Ordinal);
        Assert.True(await Model.Requests.Single().Ended);
    }

    [Fact]
    public async Task Follower_WhoLeaves_LeavesTheOthersTheirReply()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One "), new ModelStep.Wait(_gate.Task), new ModelStep.TextDelta("two.")));
        var leading = Host.AskAsync(Stream, _user);
        await Model.NextRequestAsync();
        var staying = Host.AskAsync(Stream, _user);
        await FollowersAsync(1);
        var leaving = await LeadAsync();
        await FollowersAsync(2);

        leaving.Dispose();
        await FollowersAsync(1);
        _gate.SetResult();

        Assert.Equal((await leading).Text, (await staying).Text);
        Assert.Single(Model.Requests);
    }

    [Fact]
    public async Task Everybody_WhoLeaves_EndsTheCall()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One "), new ModelStep.Wait(Timeout.InfiniteTimeSpan)));
        var leader = await LeadAsync();
        var follower = await LeadAsync();
        await FollowersAsync(1);
        var asked = await Model.NextRequestAsync();

        leader.Dispose();
        Assert.False(asked.Ended.IsCompleted);
        follower.Dispose();

        Assert.False(await asked.Ended.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Failure_OfTheOneCall_IsEverybodysAndNobodysAfterwards()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.Wait(_gate.Task), new ModelStep.Cut()), ModelReply.Text("Well."));
        var asking = Enumerable.Range(0, 3).Select(_ => Host.AskAsync(Body, _user)).ToList();
        await FollowersAsync(2);

        _gate.SetResult();
        var replies = await Task.WhenAll(asking);
        var next = await Host.AskAsync(Body, _user);

        Assert.Single(replies.Select(reply => (reply.Status, reply.Text)).Distinct());
        Assert.True((int)replies[0].Status >= 500);
        Assert.Equal((HttpStatusCode.OK, "false", 2), (next.Status, next.Hit, Model.Requests.Count));
    }

    [Fact]
    public async Task Stream_ThatBreaksOff_BreaksOffForItsFollowersToo()
    {
        Model.Enqueue(ModelReply.Of(new ModelStep.TextDelta("One "), new ModelStep.Wait(_gate.Task), new ModelStep.Cut()));
        var leading = Host.AskAsync(Stream, _user);
        await Model.NextRequestAsync();
        var following = Host.AskAsync(Stream, _user);
        await FollowersAsync(1);

        _gate.SetResult();
        var (led, followed) = (await leading, await following);

        Assert.Equal((led.Text, "true"), (followed.Text, followed.Hit));
        Assert.Contains("\"error\"", followed.Text, StringComparison.Ordinal);
        ModelCallOutcome[] outcomes = [(await Host.SettledAsync()).Outcome, (await Host.SettledAsync()).Outcome];
        Assert.Equal([ModelCallOutcome.Partial, ModelCallOutcome.Partial], outcomes);
    }

    [Fact]
    public async Task Waiting_ForTooLong_AsksForItself()
    {
        await using var impatient = await CacheHost.StartAsync(Model.BaseUrl, settings: ("Gateway:Cache:WaitSeconds", "0.05"));
        Model.Enqueue(ModelReply.Of(new ModelStep.Wait(_gate.Task), new ModelStep.TextDelta("Late.")), ModelReply.Text("Soon."));
        var late = impatient.AskAsync(Body, _user);
        await Model.NextRequestAsync();

        var soon = await impatient.AskAsync(Body, _user);
        _gate.SetResult();

        Assert.Equal(("false", true), (soon.Hit, soon.Text.Contains("Soon.", StringComparison.Ordinal)));
        Assert.Contains("Late.", (await late).Text, StringComparison.Ordinal);
    }

    private Task FollowersAsync(int count) => Eventually.BecomesTrueAsync(() => Host.Gateway.Get<Flights>().Followers == count, $"{count} wait for another's reply");

    /// <returns>A stream that has begun, to be left by disposing it.</returns>
    private async Task<IDisposable> LeadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Stream, Encoding.UTF8, "application/json") };
        return await Host.Gateway.Client(_user).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
