using System.Net;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Usage;

/// <summary>What the cache answers costs nothing: it is a row, it counts as a request, and no budget holds it back.</summary>
public sealed class CachedCallTests
{
    private const decimal Cost = 0.0075m;

    [Fact]
    public async Task Repeat_OfWhatIsKept_IsARowThatCostsNothing()
    {
        await using var rig = await UsageRig.StartAsync(UsageRig.WithCache);
        using var asked = await rig.CompleteAsync("kept", stream: true);
        await asked.Content.ReadAsStringAsync();

        using var repeated = await rig.CompleteAsync("kept", stream: true);
        await repeated.Content.ReadAsStringAsync();

        var row = (await rig.RowsAsync(2))[1];
        Assert.Equal(
            new UsageRow
            {
                RequestId = repeated.Headers.GetValues("X-Request-Id").Single(),
                PracticeId = rig.User.PracticeId,
                UserId = rig.User.UserId,
                Model = "kept",
                Kind = "chat",
                Streams = true,
                Outcome = "cached",
            },
            row);
    }

    [Fact]
    public async Task Repeat_BudgetIsSpent_IsAnsweredFromTheCacheAllTheSame()
    {
        await using var rig = await UsageRig.StartAsync(UsageRig.WithCache);
        await rig.SetBudgetAsync("practice", rig.User.PracticeId, "month", Cost);
        using var asked = await rig.CompleteAsync("kept");

        using var repeated = await rig.CompleteAsync("kept");
        using var another = await rig.CompleteAsync("kept", stream: true);

        Assert.Equal(
            ((HttpStatusCode.OK, "false"), (HttpStatusCode.OK, "true"), HttpStatusCode.TooManyRequests),
            ((asked.StatusCode, HitOf(asked)), (repeated.StatusCode, HitOf(repeated)), another.StatusCode));
        Assert.Equal(await asked.Content.ReadAsStringAsync(), await repeated.Content.ReadAsStringAsync());
        Assert.Single(rig.Model.Requests);
    }

    [Fact]
    public async Task Repeat_OfWhatIsKept_CountsAsARequestAllTheSame()
    {
        await using var rig = await UsageRig.StartAsync([.. UsageRig.WithCache, ("Limits:PerUser:RequestsPerMinute", "2")]);
        using var asked = await rig.CompleteAsync("kept");

        using var repeated = await rig.CompleteAsync("kept");
        using var refused = await rig.CompleteAsync("kept");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (asked.StatusCode, repeated.StatusCode, refused.StatusCode));
        Assert.Equal("true", HitOf(repeated));
    }

    [Fact]
    public async Task Ask_TogetherWithSomebodyWhoHasNoMoneyLeft_IsAskedForByItself()
    {
        var poor = new RefusesToPay();
        await using var rig = await UsageRig.StartAsync(services => services.AddSingleton<IModelCallObserver>(poor), UsageRig.WithCache);
        poor.UserId = Guid.CreateVersion7();
        var refusing = rig.CompleteAsync("kept", user: rig.User with { UserId = poor.UserId });
        await poor.Asked.Task.WaitAsync(Eventually.Timeout);

        var waiting = rig.CompleteAsync("kept");
        await Eventually.BecomesTrueAsync(() => rig.Host.Services.GetRequiredService<Flights>().Followers == 1, "the other waits for the same reply");
        poor.Decides.SetResult();

        using var refused = await refusing;
        using var served = await waiting;
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (refused.StatusCode, served.StatusCode));
        Assert.Single(rig.Model.Requests);
        Assert.Equal([(rig.User.UserId, "complete")], (await rig.RowsAsync(1)).Select(row => (row.UserId, row.Outcome)));
    }

    private static string HitOf(HttpResponseMessage response) => response.Headers.TryGetValues("X-Proxy-Cache-Hit", out var values) ? values.Single() : "none";

    /// <summary>Has no money for one user, and says so once it is told to.</summary>
    private sealed class RefusesToPay : IModelCallObserver
    {
        public Guid UserId { get; set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Decides { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask AdmitAsync(ModelCall call, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask ReserveAsync(ModelCall call, CancellationToken cancellationToken)
        {
            if (call.Start.Caller.UserId == UserId)
            {
                Asked.TrySetResult();
                await Decides.Task.WaitAsync(cancellationToken);
                throw new DomainException(DomainErrorKind.RateLimited, "test.poor", "Nothing is left.");
            }
        }

        public void Settled(ModelCall call)
        {
        }
    }
}
