using AiPlatform.Services.Chat.Keys.Limits;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Keys.Limits;

/// <summary>A replica's part of a rate, with time standing still.</summary>
public sealed class RateShareTests
{
    private readonly TestTimeProvider _time = new();

    [Fact]
    public void Alone_FillsByItsPartOfTheRateAndHoldsNoMoreThanAMinuteOfIt()
    {
        var share = ShareOf(60);
        share.LeaveAlone();

        Assert.Equal(TimeSpan.FromSeconds(2), share.TryTakeAlone(1, replicas: 2));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(share.TryTakeAlone(1, replicas: 2));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(30, Enumerable.Range(0, 100).Count(_ => share.TryTakeAlone(1, replicas: 2) is null));
    }

    [Fact]
    public void Alone_AmongMoreReplicasThanTheLimitHasCalls_IsNotClosedForEver()
    {
        var share = ShareOf(1);
        share.LeaveAlone();

        Assert.Equal(TimeSpan.FromMinutes(4), share.TryTakeAlone(1, replicas: 4));
        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Null(share.TryTakeAlone(1, replicas: 4));
    }

    [Fact]
    public void Rejoin_GivesNothingToTheBucketThatWasNeverTakenFromIt()
    {
        var share = ShareOf(60);
        share.LeaveAlone();
        _time.Advance(TimeSpan.FromMinutes(5));
        share.TryTakeAlone(1, replicas: 1);

        share.Rejoin();

        Assert.Equal(new RateAsk(60, Owed: 0, Back: 0, Need: 0, Want: 0), share.Ask(0, isIdle: true));
    }

    [Fact]
    public void Take_MoreThanIsHere_AsksRedisOnceAndThenAnswersFromMemory()
    {
        var share = ShareOf(60);

        Assert.Equal(TimeSpan.Zero, share.TryTake(1));
        var ask = share.Ask(1, isIdle: false);
        Assert.Equal(new RateAsk(60, Owed: 0, Back: 0, Need: 1, Want: 3), ask);
        share.Answered(ask, granted: 0, left: 0.5, TimeSpan.FromMilliseconds(500));
        Assert.Equal(TimeSpan.FromMilliseconds(500), share.TryTake(1));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(TimeSpan.Zero, share.TryTake(1));
    }

    [Fact]
    public void Correct_UsedMoreThanTaken_IsOwedUntilItIsAskedFor()
    {
        var share = ShareOf(600);
        share.Answered(share.Ask(100, isIdle: false), granted: 100, left: 500, TimeSpan.Zero);
        Assert.Null(share.TryTake(100));

        share.Correct(-40);
        var ask = share.Ask(0, isIdle: true);
        share.Unanswered(ask);

        Assert.Equal(new RateAsk(600, Owed: 40, Back: 0, Need: 0, Want: 0), ask);
        Assert.Equal(40, share.Ask(0, isIdle: true).Owed);
        Assert.Equal(0, share.Ask(0, isIdle: true).Owed);
    }

    [Fact]
    public void Take_CallLargerThanTheLimit_NeedsAllOfItAndNoMore()
    {
        var share = ShareOf(600);

        share.Answered(share.Ask(5_000, isIdle: false), granted: 600, left: 0, TimeSpan.Zero);

        Assert.Null(share.TryTake(5_000));
    }

    private RateShare ShareOf(int limit)
    {
        var share = new RateShare(_time);
        share.SetLimit(limit);
        return share;
    }
}
