using Xunit.Abstractions;

namespace AiPlatform.LocalHosting.Tests.Orphans;

public sealed class OrphanTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("lh-tests-").FullName;

    private string PidFile => Path.Combine(_folder, "pids");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(HostProcess.Killed, "host")]
    [InlineData(HostProcess.Killed, "test-host")]
    [InlineData(HostProcess.Interrupt, "host")]
    [InlineData(HostProcess.Hangup, "host")]
    [InlineData(HostProcess.Terminate, "host")]
    public async Task Host_Signalled_LeavesNoProcessAndNoFolder(int signal, string kind)
    {
        string[] mode = kind == "host" ? [] : [kind];
        using var host = HostProcess.Start([.. mode, "--Graph=sleepers", $"--PidFile={PidFile}", "--LocalHosting:ThrowAwayData=true"]);
        var (pids, runFolder) = await HostProcess.SleepersAsync(PidFile);
        Assert.Equal(4, pids.Length);
        Assert.All(pids, pid => Assert.True(Pids.IsAlive(pid)));
        Assert.True(Directory.Exists(runFolder));

        host.Signal(signal);
        var survived = Pids.HowLongAnyLives(pids, Limit);
        output.WriteLine($"fault: signal {signal} to a {kind} | the last process lived for {survived.TotalMilliseconds:0} ms");

        Assert.True(survived < Limit, $"Somebody lived for {survived}.");
        var exitCode = await host.ExitCodeAsync();
        Assert.Equal(signal == HostProcess.Killed ? 128 + HostProcess.Killed : 0, exitCode);
        await Until.TrueAsync(() => Directory.GetDirectories(Path.GetDirectoryName(runFolder)!, Path.GetFileName(runFolder) + "*").Length == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_InATerminalThatIsClosedOrToldControlC_LeavesNoProcessAndNoFolder(bool isClosed)
    {
        using var terminal = PseudoTerminal.Open();
        using var host = HostProcess.StartIn(terminal, "--Graph=sleepers", $"--PidFile={PidFile}", "--LocalHosting:ThrowAwayData=true");
        var (pids, runFolder) = await HostProcess.SleepersAsync(PidFile);

        Action end = isClosed ? terminal.Close : terminal.TypeControlC;
        end();
        var survived = Pids.HowLongAnyLives(pids, Limit);
        output.WriteLine($"fault: {(isClosed ? "terminal closed" : "Ctrl-C")} | the last process lived for {survived.TotalMilliseconds:0} ms");

        Assert.True(survived < Limit, $"Somebody lived for {survived}.");
        Assert.Equal(0, await host.ExitCodeAsync());
        await Until.TrueAsync(() => Directory.GetDirectories(Path.GetDirectoryName(runFolder)!, Path.GetFileName(runFolder) + "*").Length == 0);
    }

    [Theory]
    [InlineData("service")]
    [InlineData("after-start")]
    [InlineData("fail-fast")]
    public async Task Host_CrashesWithEverythingStarted_LeavesNoProcessAndNoFolder(string place)
    {
        using var host = HostProcess.Start("--Graph=sleepers", $"--PidFile={PidFile}", $"--Crash={place}", "--LocalHosting:ThrowAwayData=true");
        var (pids, runFolder) = await HostProcess.SleepersAsync(PidFile);

        Assert.NotEqual(0, await host.ExitCodeAsync());
        var survived = Pids.HowLongAnyLives(pids, Limit);
        output.WriteLine($"fault: crash at start ({place}) | the last process lived for {survived.TotalMilliseconds:0} ms after it");

        Assert.True(survived < Limit, $"Somebody lived for {survived}.");
        Assert.Contains("Crashed", await host.Output, StringComparison.Ordinal);
        await Until.TrueAsync(() => Directory.GetDirectories(Path.GetDirectoryName(runFolder)!, Path.GetFileName(runFolder) + "*").Length == 0);
    }

    [Fact]
    public async Task Host_CrashesBeforeItsStart_StartsNothing()
    {
        using var host = HostProcess.Start("--Graph=sleepers", $"--PidFile={PidFile}", "--Crash=before-start", "--LocalHosting:ThrowAwayData=true");

        Assert.NotEqual(0, await host.ExitCodeAsync());
        Assert.Contains("Crashed before-start", await host.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(PidFile));
    }
}
