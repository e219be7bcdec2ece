using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.LocalHosting.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lh-tests-").FullName;
    private readonly DataFolders _folders = DataFolders.Of(TestHosts.Create());
    private readonly ProcessGuard _guard;

    public ProcessTests() => _guard = new(_folders);

    public void Dispose()
    {
        // Before the guard, which otherwise removes the folder too.
        _folders.Dispose();
        _guard.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Process_EndsByItself_IsFinishedWithItsExitCodeAndLines()
    {
        var builder = TestHosts.Create();
        builder.AddShell("job", "echo out; echo err >&2; exit 5");
        await using var app = await builder.StartAsync();

        var end = await app.WaitForEndAsync("job");

        Assert.Equal(("Finished", 5), (end.State!.Text, end.ExitCode));
        Assert.Equal(["err", "out"], (await app.LogAsync("job")).Order());
    }

    [Fact]
    public async Task Process_DiesByItself_IsLoggedWithExitCodeAndLastLines()
    {
        var log = new ListLogger();
        var builder = TestHosts.Create();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        builder.AddShell("job", "for i in $(seq 60); do echo line $i; done; exit 3");
        await using var app = await builder.StartAsync();

        await app.WaitForEndAsync("job");

        var lines = Assert.Single(log.Lines, l => l.Contains("ended by itself", StringComparison.Ordinal)).Split(Environment.NewLine);
        Assert.Matches("^Error: job-[a-z]{8} ended by itself with exit code 3. Its last log lines:$", lines[0]);
        Assert.Equal(Enumerable.Range(11, 50).Select(i => $"    line {i}"), lines[1..]);
    }

    [Fact]
    public async Task Process_Killed_TellsTheSignal()
    {
        var builder = TestHosts.Create();
        builder.AddShell("job", "kill -9 $$");
        await using var app = await builder.StartAsync();

        Assert.Equal(137, (await app.WaitForEndAsync("job")).ExitCode);
    }

    [Fact]
    public async Task Executable_NotFound_FailsToStartWithReason()
    {
        var builder = TestHosts.Create();
        builder.AddExecutable("job", "no-such-program", ".");
        await using var app = await builder.StartAsync();

        Assert.Equal("FailedToStart", (await app.WaitForEndAsync("job")).State?.Text);
        Assert.Contains("Failed to start: The executable 'no-such-program' was not found.", await app.LogAsync("job"));
    }

    [Fact]
    public async Task WatchAsync_OfLog_GivesOldAndNewLines()
    {
        var builder = TestHosts.Create();
        builder.AddShell("job", "echo first; read -r _ < \"$GATE\"; echo second; sleep 60").WithEnvironment("GATE", Gate());
        await using var app = await builder.StartAsync();
        var lines = new List<string>();

        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync("job").WithCancellation(TestHosts.InTime()))
        {
            lines.AddRange(batch.Select(l => l.Content.Split(' ')[1]));
            if (lines is ["first"])
            {
                await File.WriteAllTextAsync(Gate(), "go\n", TestHosts.InTime());
            }

            if (lines.Count == 2)
            {
                break;
            }
        }

        Assert.Equal(["first", "second"], lines);
    }

    [Fact]
    public async Task Commands_StopStartRestart_ChangeTheProcessOnly()
    {
        var builder = TestHosts.Create();
        var job = builder.AddShell("job", "echo $PORT; echo ready; exec sleep 60").WithHttpEndpoint(env: "PORT");
        await using var app = await builder.StartAsync();
        await app.WaitForLineAsync("job", "ready");
        var firstPid = Pid(app);

        var stopped = await app.ResourceCommands.ExecuteCommandAsync("job", "stop", TestHosts.InTime());
        var stateAfterStop = app.Snapshot("job").State?.Text;
        var started = await app.ResourceCommands.ExecuteCommandAsync("job", "start", TestHosts.InTime());
        var restarted = await app.ResourceCommands.ExecuteCommandAsync("job", "restart", TestHosts.InTime());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("job", TestHosts.InTime());
        await app.WaitForLineAsync("job", "ready");
        var unknown = await app.ResourceCommands.ExecuteCommandAsync("job", "explode", TestHosts.InTime());

        Assert.Equal((true, true, true, false), (stopped.Success, started.Success, restarted.Success, unknown.Success));
        Assert.Equal("Finished", stateAfterStop);
        Assert.NotEqual(firstPid, Pid(app));
        Assert.False(Pids.IsAlive(firstPid));
        Assert.Equal(job.GetEndpoint("http").Port.ToString(CultureInfo.InvariantCulture), Assert.Single((await app.LogAsync("job")).Distinct(), l => l != "ready"));
    }

    [Fact]
    public async Task Stop_OfHost_EndsDependentsFirst()
    {
        var record = Path.Combine(_folder, "order");
        var builder = TestHosts.Create();
        var script = $"trap 'echo $NAME >> {record}; exit 0' TERM; sleep 1000 & echo ready; wait";
        var server = builder.AddShell("server", script).WithEnvironment("NAME", "server");
        var api = builder.AddShell("api", script).WithEnvironment("NAME", "api").WaitFor(server);
        builder.AddShell("chat", script).WithEnvironment("NAME", "chat").WaitFor(api);
        await using var app = await builder.StartAsync();
        foreach (var name in new[] { "server", "api", "chat" })
        {
            await app.WaitForLineAsync(name, "ready");
        }

        await app.StopAsync(TestHosts.InTime());

        Assert.Equal(["chat", "api", "server"], await File.ReadAllLinesAsync(record));
    }

    [Fact]
    public async Task Stop_OfProcessesThatIgnoreIt_TakesUnderThreeSeconds()
    {
        var builder = TestHosts.Create();
        var first = builder.AddShell("first", "trap '' TERM; echo ready; sleep 60 & wait; sleep 60");
        builder.AddShell("second", "trap '' TERM; sleep 60 & wait; sleep 60").WaitFor(first);
        await using var app = await builder.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("second", TestHosts.InTime());
        var pids = new[] { Pid(app, "first"), Pid(app, "second") };
        var limit = TimeSpan.FromSeconds(3);

        var stop = app.StopAsync(TestHosts.InTime());
        var lived = Pids.HowLongAnyLives(pids, limit);
        await stop;

        Assert.True(lived < limit, $"Somebody lived for {lived}.");
    }

    [Fact]
    public async Task Stop_RightAfterTheBirth_EndsTheProcess()
    {
        // Its group is made a moment after its start; the signals must not miss it in between.
        for (var round = 0; round < 20; round++)
        {
            using var process = Start("sleep 1000 & wait", (_, _) => { }, TimeProvider.System);

            await process.StopAsync(TimeSpan.Zero).WaitAsync(TestHosts.InTime());

            Assert.False(Pids.IsAlive(process.Id));
        }
    }

    // A busy machine lets the reader come late.
    [Fact]
    public async Task Process_EndsBeforeItsLinesAreRead_HasNotExitedUntilTheyAre()
    {
        var (time, lines) = (new TestTimeProvider(), new List<string>());
        using var isRead = new ManualResetEventSlim();
        using var process = Start(
            "read -r _; echo first; echo last",
            (line, _) =>
            {
                isRead.Wait(TestHosts.InTime());
                lines.Add(line);
            },
            time);

        await Until.TrueAsync(() => time.Timers == 1);
        time.Advance(TimeSpan.FromMilliseconds(500));
        await Until.TrueAsync(() => time.Timers == 1);
        var exitedUnread = process.Exited.IsCompleted;
        isRead.Set();
        var exitCode = await process.Exited.WaitAsync(TestHosts.InTime());

        Assert.Equal((false, 0), (exitedUnread, exitCode));
        Assert.Equal(["first", "last"], lines);
    }

    [Fact]
    public async Task Process_OutputHeldByOneThatLeftItsGroup_HasExitedFiveSecondsLater()
    {
        var (time, escaped) = (new TestTimeProvider(), new TaskCompletionSource<int>());
        using var process = Start("setsid sh -c 'echo $$; exec sleep 1000' &", (line, _) => escaped.SetResult(int.Parse(line, CultureInfo.InvariantCulture)), time);
        using var holder = Process.GetProcessById(await escaped.Task.WaitAsync(TestHosts.InTime()));

        try
        {
            await Until.TrueAsync(() => time.Timers == 1);
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Until.TrueAsync(() => time.Timers == 1);
            time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
            var exitedBefore = process.Exited.IsCompleted;
            time.Advance(TimeSpan.FromTicks(1));

            Assert.Equal((false, 0), (exitedBefore, await process.Exited.WaitAsync(TestHosts.InTime())));
        }
        finally
        {
            holder.Kill();
        }
    }

    [Fact]
    public async Task Process_Ended_TakesItsChildrenWithIt()
    {
        var builder = TestHosts.Create();
        builder.AddShell("job", "sleep 1000 & echo $!");
        await using var app = await builder.StartAsync();

        await app.WaitForEndAsync("job");

        var child = int.Parse(Assert.Single(await app.LogAsync("job")), CultureInfo.InvariantCulture);
        await Until.TrueAsync(() => !Pids.IsAlive(child));
    }

    [Fact]
    public async Task PortReservations_OfTwoHosts_NeverMeet()
    {
        using var first = new PortReservations();
        using var second = new PortReservations();
        var port = first.Take();

        Assert.False(second.TryTake(port));
        first.Dispose();

        // A process that another test forked meanwhile holds a copy of the lock until it runs its program.
        await Until.TrueAsync(() => second.TryTake(port));
    }

    // What is open at a fork is open in the child too until it runs its program: a probe that had listened would still listen there.
    [Fact]
    public async Task Take_WhileProcessesAreStarted_PortCanBeListenedOnAtOnce()
    {
        using var ports = new PortReservations();
        using var done = new CancellationTokenSource();
        var starts = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                using var process = Process.Start("true");
                process.WaitForExit();
            }
        })).ToList();

        for (var i = 0; i < 1_000; i++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, ports.Take());
            listener.Start();
        }

        await done.CancelAsync();
        await Task.WhenAll(starts);
    }

    private static int Pid(DistributedApplication app, string name = "job") => (int)app.Snapshot(name).Properties.Single(p => p.Name == "executable.pid").Value!;

    // With a line for it to read, so that its output comes when it is waited for.
    private ManagedProcess Start(string script, Action<string, bool> writeLine, TimeProvider timeProvider) =>
        ManagedProcess.Start(new("/bin/sh", ["-c", script], "/") { StandardInput = "go\n" }, _guard, writeLine, timeProvider);

    private string Gate()
    {
        var path = Path.Combine(_folder, "gate");
        if (!File.Exists(path))
        {
            using var mkfifo = Process.Start("mkfifo", path);
            mkfifo.WaitForExit();
        }

        return path;
    }
}
