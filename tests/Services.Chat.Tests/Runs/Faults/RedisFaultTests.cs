using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>Redis killed and put back in time while a run of sixty words stands in the middle.</summary>
public sealed class RedisFaultTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_InTheMiddle_TheRunGoesOnDegradedAndIsWrittenBack(bool keepsData)
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);

        await rig.Redis.KillAsync();
        rig.GoOn();
        var stall = await FaultRig.TimeAsync(() => run.ReadHereAsync(frame => frame.Seq == 2));
        await run.ReadHereToEndAsync();
        if (!keepsData)
        {
            rig.Redis.Data.Delete();
        }

        await rig.Redis.StartAgainAsync();
        var back = await FaultRig.TimeAsync(run.LogIsEndedAsync);
        await run.ReadThereToEndAsync();

        Assert.Equal(["degraded"], FaultRun.Reasons(run.Here));
        Assert.Equal(["degraded"], FaultRun.Reasons(run.There));
        await run.CheckAsync();
        _report.Write(keepsData ? "Redis killed" : "Redis killed, data lost", run, stall, back);
    }

    [Fact]
    public async Task RestartedFromAnOlderState_TheLostTailBeginsANewEpoch()
    {
        await using var rig = await FaultRig.StartAsync();
        var older = default(IReadOnlyDictionary<string, byte[]>);
        var run = await rig.BeginAsync(words: 30, onTheWay: () => older = rig.Redis.Data.Read());

        await rig.Redis.KillAsync();
        rig.Redis.Data.Replace(older!);
        await rig.Redis.StartAgainAsync();
        await rig.RedisIsBackAsync();
        rig.GoOn();
        var stall = await run.EndsInANewEpochAsync();

        _report.Write("Redis restarted from an older state", run, stall, TimeSpan.Zero);
    }

    [Fact]
    public async Task Killed_AndTheReplicaShutDownBeforeItIsBack_TheResultIsInMySql()
    {
        await using var rig = await FaultRig.StartAsync();
        var run = await rig.BeginAsync(words: 30);
        await rig.Redis.KillAsync();
        rig.GoOn();
        await run.ReadHereToEndAsync();

        rig.Socket.Drop();
        await rig.Here.DisposeAsync();
        rig.Redis.Data.Delete();
        await rig.Redis.StartAgainAsync();
        await FaultRig.RedisIsBackAsync(rig.There);
        await using var back = await rig.There.ConnectAsync(rig.User, "/ws/s1");
        await back.ResumeAsync(run.Here[^1], lastSeq: 3);
        var answers = await back.ReadUntilAsync("run_snapshot");

        Assert.False(answers[0].Json.GetProperty("recovered").GetBoolean());
        Assert.Equal(("completed", FaultRig.Text), (answers[^1].TextOf("status"), answers[^1].TextOf("text")));
        FrameRules.Check(run.Here);
        await run.RecordAgreesAsync("completed", FaultRig.Text);
    }
}
