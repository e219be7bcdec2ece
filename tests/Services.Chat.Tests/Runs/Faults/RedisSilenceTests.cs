using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>Redis frozen, flushed and away while a run of sixty words stands in the middle, and who comes back then.</summary>
public sealed class RedisSilenceTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [Fact]
    public Task Frozen_PastTheBoundOfAnAppend_TheRunGoesOnDegradedAndIsWrittenBack() => FreezeAsync(TimeSpan.FromSeconds(2));

    [Fact]
    [Trait("Category", "soak")]
    public Task Frozen_TenSeconds_TheRunGoesOnDegradedAndIsWrittenBack() => FreezeAsync(TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Flushed_InTheMiddle_TheRunGoesOnInANewEpoch()
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);

        await rig.FlushAsync();
        rig.GoOn();
        var stall = await run.EndsInANewEpochAsync();

        _report.Write("Redis flushed", run, stall, TimeSpan.Zero);
    }

    [Fact]
    public async Task Flushed_WhileTheRunIsSilent_TheKeeperFindsOutAndEveryReaderIsTold()
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);

        await rig.FlushAsync();
        var told = await FaultRig.TimeAsync(() => run.ReadHereAsync(frame => frame.Type == "run_snapshot"));
        await run.ReadThereAsync(frame => frame.Type == "run_snapshot");
        await run.HoldsItsPlacesAsync();
        rig.GoOn();
        await run.ReadHereToEndAsync();
        await run.ReadThereToEndAsync();

        Assert.Equal(run.Here.Where(frame => frame.Type == "run_snapshot"), run.There.Where(frame => frame.Type == "run_snapshot"), (a, b) => a.Raw == b.Raw);
        await run.CheckAsync();
        _report.Write("Redis flushed, run silent", run, told, TimeSpan.Zero);
    }

    [Fact]
    public async Task Frozen_LongerThanTheLeaseWhileTheRunIsSilent_TheRunStaysItsReplicas()
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);

        await rig.Redis.FreezeAsync();
        await Task.Delay(TimeSpan.FromSeconds(FaultRig.LeaseSeconds + 1.5));
        await rig.Redis.ThawAsync();
        await rig.RedisIsBackAsync();
        await run.HoldsItsPlacesAsync();
        rig.GoOn();
        await run.ReadHereToEndAsync();
        await run.ReadThereToEndAsync();

        await run.CheckAsync();
    }

    [Fact]
    public async Task Resume_OnTheRunsReplicaWithoutRedis_IsServedFromMemory()
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);
        await rig.Redis.KillAsync();

        await using var same = await rig.Here.ConnectAsync(rig.User, "/ws/s1");
        await same.ResumeAsync(run.Here[0], lastSeq: 2);
        var gap = await same.ReadUntilAsync(frame => frame.Seq == run.Here.Count);
        rig.GoOn();
        await run.ReadHereToEndAsync();
        await using var late = await rig.Here.ConnectAsync(rig.User, "/ws/s1");
        var old = run.Here.First(frame => frame.Type == "text_chunk");
        await late.ResumeAsync(old);
        var answers = await late.ReadUntilAsync("run_snapshot");

        Assert.True(gap[0].Json.GetProperty("recovered").GetBoolean());
        Assert.Equal(run.Here.Skip(2).Raws(), gap.Concat(await same.ReadUntilAsync("agent_completed")).OfRun($"{run.RunId}").Raws());
        Assert.False(answers[0].Json.GetProperty("recovered").GetBoolean());
        Assert.Equal(("completed", FaultRig.Text), (answers[^1].TextOf("status"), answers[^1].TextOf("text")));
    }

    [Fact]
    public async Task Resume_InAnEpochThatIsOverWhileTheRunGoesOn_GivesASnapshotAndThenEveryFrameAfterIt()
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);
        await rig.FlushAsync();
        await run.ReadHereAsync(frame => frame.Type == "run_snapshot");
        await run.ReadThereAsync(frame => frame.Type == "run_snapshot");

        await using var here = await rig.Here.ConnectAsync(rig.User, "/ws/s1");
        await using var there = await rig.There.ConnectAsync(rig.User, "/ws/s1");
        var answers = new List<IReadOnlyList<ReceivedFrame>>();
        foreach (var back in (ChatSocket[])[here, there])
        {
            await back.ResumeAsync(run.Here[0], lastSeq: 20);
            answers.Add(await back.ReadUntilAsync("run_snapshot"));
        }

        rig.GoOn();
        foreach (var (back, answer) in ((ChatSocket[])[here, there]).Zip(answers))
        {
            var rest = (await back.ReadUntilAsync("agent_completed")).OfRun($"{run.RunId}");
            var resumed = answer.First(frame => frame.Type == "stream_resumed");

            Assert.False(resumed.Json.GetProperty("recovered").GetBoolean());
            Assert.Equal((resumed.Epoch, resumed.Json.GetProperty("from_seq").GetInt64()), (rest[0].Epoch, rest[0].Seq));
            Assert.Equal(FaultRig.Text, answer[^1].TextOf("text") + string.Concat(rest.Where(frame => frame.Type == "text_chunk").Select(frame => frame.TextOf("content"))));
        }
    }

    private async Task FreezeAsync(TimeSpan time)
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);

        await rig.Redis.FreezeAsync();
        var thaw = Task.Delay(time);
        rig.GoOn();
        var stall = await FaultRig.TimeAsync(() => run.ReadHereAsync(frame => frame.Seq == 2));
        await run.ReadHereToEndAsync();
        await thaw;
        await rig.Redis.ThawAsync();
        var back = await FaultRig.TimeAsync(run.LogIsEndedAsync);
        await run.ReadThereToEndAsync();

        Assert.Equal(["degraded"], FaultRun.Reasons(run.Here));
        await run.CheckAsync();
        _report.Write($"Redis frozen {time.TotalSeconds:0} s", run, stall, back);
    }
}
