using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Tests.Events;

/// <summary>What Redis answers to a writer whose log is not what it was, and to writes that come late.</summary>
public sealed class RunLogTests : IAsyncLifetime
{
    private static readonly WorkingFrame Body = new("Working on it.");

    private readonly LogClaim _claim = NewClaim();
    private ChatHost _host = null!;
    private RunLog _log = null!;

    public async Task InitializeAsync()
    {
        _host = await ChatHost.StartAsync(Scripts.Echo);
        _log = _host.Services.GetRequiredService<RunLog>();
        await _log.OpenAsync(_claim, default);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Append_AgainOrOutOfOrder_WritesNothingTwiceAndLeavesNoGap()
    {
        await AppendAsync(_claim, 1, 2);

        Assert.Equal(LogAnswer.Written, await _log.AppendAsync(_claim, Frame(_claim, 2)));
        Assert.Equal(LogAnswer.Gone, await _log.AppendAsync(_claim, Frame(_claim, 4)));
        Assert.Equal([1, 2], await SeqsAsync(_claim.Epoch));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task AppendAndRenew_OfALogThatLostItsHeadOrItsFrames_SayGone(bool losesMeta, bool losesFrames)
    {
        await AppendAsync(_claim, 1, 2);
        await RunAsync(database => database.KeyDeleteAsync([.. losesMeta ? (RedisKey[])[_claim.Run.Meta] : [], .. losesFrames ? (RedisKey[])[_claim.Run.Log(_claim.Epoch)] : []]));

        Assert.Equal(RunRenewal.Gone, await _log.RenewAsync(_claim, 2, default));
        Assert.Equal(LogAnswer.Gone, await _log.AppendAsync(_claim, Frame(_claim, 3)));
    }

    [Fact]
    public async Task AppendAndRenew_OnARedisFromBeforeTheEpoch_SayGoneAndTheRunGoesOn()
    {
        var next = _claim.Next(TimeProvider.System);
        await AppendAsync(_claim, 1, 2);

        Assert.Equal(RunRenewal.Gone, await _log.RenewAsync(next, 2, default));
        Assert.Equal(LogAnswer.Gone, await _log.AppendAsync(next, Frame(next, 3)));
        var overNext = next.Next(TimeProvider.System);
        Assert.True(await _log.ReopenAsync(overNext, Frames(overNext, 1)));
    }

    [Fact]
    public async Task Reopen_BeginsTheNewEpochAndEndsTheOldOne()
    {
        await AppendAsync(_claim, 1, 2);
        var next = _claim.Next(TimeProvider.System);

        Assert.True(await _log.ReopenAsync(next, Frames(next, 3)));

        Assert.Empty(await SeqsAsync(_claim.Epoch));
        Assert.Equal([1, 2, 3], await SeqsAsync(next.Epoch));
        Assert.Equal(LogAnswer.Lost, await _log.AppendAsync(_claim, Frame(_claim, 3)));
        Assert.Equal(LogAnswer.Written, await _log.AppendAsync(next, Frame(next, 4)));
        Assert.Equal((next.Epoch, 4, false, true), await HeadAsync());
    }

    [Fact]
    public async Task Reopen_OfAnEarlierTryThatComesLate_UndoesNothing()
    {
        var next = _claim.Next(TimeProvider.System);
        var overNext = next.Next(TimeProvider.System);
        Assert.True(await _log.ReopenAsync(next, Frames(next, 3)));
        await AppendAsync(next, 4);

        Assert.True(await _log.ReopenAsync(next, Frames(next, 2)));
        Assert.Equal([1, 2, 3, 4], await SeqsAsync(next.Epoch));

        Assert.True(await _log.ReopenAsync(overNext, Frames(overNext, 1)));
        Assert.False(await _log.ReopenAsync(next, Frames(next, 9)));
        Assert.Equal((overNext.Epoch, 1, false, true), await HeadAsync());
    }

    [Fact]
    public async Task Reopen_AfterSomebodyTookTheRunOver_IsRefused()
    {
        await AppendAsync(_claim, 1);
        await RunAsync(database => database.KeyDeleteAsync(_claim.Run.Lease));
        Assert.Equal(2, await _log.TakeOverAsync(_claim.Run, "another", default));
        var next = _claim.Next(TimeProvider.System);
        var overNext = next.Next(TimeProvider.System);

        Assert.False(await _log.ReopenAsync(next, Frames(next, 5)));
        Assert.False(await _log.ReopenAsync(overNext, Frames(overNext, 5)));
        Assert.Equal([1], await SeqsAsync(_claim.Epoch));
    }

    [Fact]
    public async Task Reopen_OfARunThatEndedMeanwhile_EndsTheLogAndFreesTheLease()
    {
        var next = _claim.Next(TimeProvider.System);
        var last = next.Frame(2, new AgentCompletedFrame("a", new("a", "completed", new("", [], 0, []), 0, new(0, 0, 0), "")), TimeProvider.System);

        Assert.True(await _log.ReopenAsync(next, [Frame(next, 1), last]));

        Assert.Equal((next.Epoch, 2, true, false), await HeadAsync());
    }

    [Fact]
    public async Task Reopen_OfADegradedEpochAsLargeAsMemoryAllows_IsOneCall()
    {
        var next = _claim.Next(TimeProvider.System);

        Assert.True(await _log.ReopenAsync(next, Frames(next, 20_000)));

        Assert.Equal((next.Epoch, 20_000, false, true), await HeadAsync());
    }

    [Fact]
    public async Task Read_OfALogNobodyWillEnd_Ends()
    {
        await AppendAsync(_claim, 1, 2);
        await RunAsync(database => database.KeyDeleteAsync(_claim.Run.Lease));

        // A reader waits a few leases for somebody; this one is of a replica whose leases are short.
        await using var impatient = await ChatHost.StartAsync(Scripts.Echo, new() { ["RunLog:LeaseSeconds"] = "1" });
        var reader = impatient.Services.GetRequiredService<RunReader>();
        using var bound = new CancellationTokenSource(Eventually.Timeout);

        var seqs = new List<long>();
        await foreach (var frame in reader.ReadAsync(_claim.Run, LogPlace.Start, bound.Token))
        {
            seqs.Add(frame.Seq);
        }

        Assert.Equal([1, 2], seqs);
    }

    private static LogClaim NewClaim()
    {
        var run = new RunKey(Guid.CreateVersion7(), Guid.CreateVersion7());
        return new(run, new(run.PracticeId, Guid.CreateVersion7(), "s1"), Guid.CreateVersion7(), "replica", LogClaim.NewEpoch(DateTimeOffset.UtcNow), LogClaim.FirstFence);
    }

    private static LoggedFrame Frame(LogClaim claim, long seq) => claim.Frame(seq, Body, TimeProvider.System);

    private static IReadOnlyList<LoggedFrame> Frames(LogClaim claim, int count) => [.. Enumerable.Range(1, count).Select(seq => Frame(claim, seq))];

    private async Task AppendAsync(LogClaim claim, params long[] seqs)
    {
        foreach (var seq in seqs)
        {
            Assert.Equal(LogAnswer.Written, await _log.AppendAsync(claim, Frame(claim, seq)));
        }
    }

    private async Task<IEnumerable<long>> SeqsAsync(string epoch) => (await _log.ReadAllAsync(_claim.Run, epoch, default)).Select(frame => frame.Seq);

    private async Task<(string, long, bool, bool)> HeadAsync()
    {
        var head = (await _log.FindAsync(_claim.Run, default))!;
        return (head.Epoch, head.Seq, head.Ended, head.IsOwned);
    }

    private Task RunAsync(Func<IDatabase, Task> call) => _host.Services.GetRequiredService<RedisClient>().RunAsync("test", call, default);
}
