using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>MySQL killed while a run of sixty words stands in the middle.</summary>
public sealed class MySqlFaultTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [Fact]
    public async Task Killed_BeforeTheCommitAndBackInTime_TheRunIsStoredAndEnds()
    {
        await using var rig = await FaultRig.StartAsync(ownMariaDb: true, ("Runs:CommitSeconds", "60"));
        var run = await rig.BeginAsync(words: 30);

        await rig.MariaDb!.KillAsync();
        rig.GoOn();
        await run.ReadHereAsync(frame => frame.Type == "tts_not_requested");
        await rig.MariaDb.StartAgainAsync();
        var back = await FaultRig.TimeAsync(run.ReadHereToEndAsync);
        await run.ReadThereToEndAsync();

        await run.CheckAsync();
        _report.Write("MySQL killed before the commit", run, TimeSpan.Zero, back);
    }

    [Fact]
    public async Task Killed_BeforeTheCommitAndNotBackInTime_TheRunFailsAndThatIsStoredLater()
    {
        await using var rig = await FaultRig.StartAsync(ownMariaDb: true, ("Runs:CommitSeconds", "1"));
        var run = await rig.BeginAsync(words: 30);

        await rig.MariaDb!.KillAsync();
        rig.GoOn();
        await run.ReadHereToEndAsync();
        await run.ReadThereToEndAsync();
        await rig.MariaDb.StartAgainAsync();
        var back = await FaultRig.TimeAsync(() => run.RecordAgreesAsync("failed", FaultRig.Text));

        Assert.Equal("upstream_unavailable", Assert.Single(run.Here, frame => frame.Type == "error").TextOf("code"));
        await run.CheckAsync("failed");
        _report.Write("MySQL killed, not back in time", run, TimeSpan.Zero, back);
    }
}
