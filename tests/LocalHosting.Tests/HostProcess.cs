using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AiPlatform.LocalHosting.Tests.Orphans;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>This assembly as a host in a process and process group of its own, as a terminal starts it.</summary>
internal sealed partial class HostProcess : IDisposable
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;
    public const int Killed = 9;
    private readonly Process _process;

    private HostProcess(Process process, Task<string> output)
    {
        _process = process;
        Output = output;
    }

    public int Id => _process.Id;

    /// <summary>All it wrote, once it has ended.</summary>
    public Task<string> Output { get; }

    public static HostProcess Start(params string[] args) => StartIn(Path.GetTempPath(), args);

    public static HostProcess StartIn(string folder, params string[] args)
    {
        // Tests that run in the background or under nohup hand ignored signals down; a terminal does not. No group leader yet, so setsid
        // makes no further process and the number stays.
        var process = Process.Start(new ProcessStartInfo("env", ["--default-signal=HUP,INT", "setsid", "dotnet", typeof(HostProcess).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!;
        return new(process, ReadAsync(process));
    }

    /// <summary>As its shell starts it: the terminal is its session's, and the host in front.</summary>
    public static HostProcess StartIn(PseudoTerminal terminal, params string[] args)
    {
        const string command = "exec env --default-signal=HUP,INT setsid --ctty dotnet \"$@\" < \"$TERMINAL\" > \"$TERMINAL\" 2>&1";
        var start = new ProcessStartInfo("/bin/sh", ["-c", command, "sh", typeof(HostProcess).Assembly.Location, .. args]) { WorkingDirectory = Path.GetTempPath() };
        start.Environment["TERMINAL"] = terminal.Path;
        return new(Process.Start(start)!, Task.FromResult(""));
    }

    /// <summary>The processes of a run that are recorded and not known to have ended.</summary>
    public static List<int> RecordedIn(string runFolder)
    {
        var lines = File.ReadAllLines(Path.Combine(runFolder, "pids"));
        var ended = lines.Where(l => l[0] == '-').Select(l => l[1..]);
        return [.. lines.Where(l => l[0] == '+').Select(l => l[1..]).Except(ended).Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
    }

    /// <summary>Whether both sleepers have told their processes, their children's and the run's folder.</summary>
    public static bool IsComplete(string pidFile) => File.Exists(pidFile) && File.ReadAllLines(pidFile).Length == 3;

    public static async Task<(int[] Pids, string RunFolder)> SleepersAsync(string pidFile)
    {
        await Until.TrueAsync(() => IsComplete(pidFile));
        var lines = await File.ReadAllLinesAsync(pidFile);
        return ([.. lines.Where(l => l[0] != '/').SelectMany(l => l.Split(' ')).Select(p => int.Parse(p, CultureInfo.InvariantCulture))], lines.Single(l => l[0] == '/'));
    }

    /// <summary>Waits for a file that the host writes once everything of it runs.</summary>
    public async Task<string[]> ToldAsync(string path)
    {
        try
        {
            await Until.TrueAsync(() => File.Exists(path) || _process.HasExited);
            if (File.Exists(path))
            {
                return await File.ReadAllLinesAsync(path);
            }
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        throw new InvalidOperationException($"The host did not get there: {await Output}");
    }

    /// <summary>To the whole group, as a terminal sends it.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(-Id, signal));

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestHosts.InTime());
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<string> ReadAsync(Process process) =>
        string.Concat(await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
