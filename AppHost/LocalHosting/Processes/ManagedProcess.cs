using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Aspire.Hosting.Processes;

/// <summary>A running child in its own process group, with its output read line by line.</summary>
internal sealed partial class ManagedProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int MaxLineLength = 16_384;
    private static readonly TimeSpan GroupGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromMilliseconds(100);
    private readonly Process _process;
    private readonly ProcessGuard _guard;
    private readonly TimeProvider _timeProvider;

    private ManagedProcess(Process process, ProcessGuard guard, TimeProvider timeProvider, Task output)
    {
        _process = process;
        _guard = guard;
        _timeProvider = timeProvider;
        Id = process.Id;
        Exited = WaitAsync(output);
    }

    public int Id { get; }

    /// <summary>The exit code, once the process has ended and its last lines were read.</summary>
    public Task<int> Exited { get; }

    /// <summary>True once we asked for the end, so that an exit code tells of our signal and not of a fault.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>
    /// True from the moment on when it only goes away. A killed process closes its connections before the socket it listens with,
    /// and until then the system still takes connections for it.
    /// </summary>
    public bool IsEnding => Exited.IsCompleted || ProcessState.IsEnding(Id);

    public static ManagedProcess Start(ProcessSpec spec, ProcessGuard guard, Action<string, bool> writeLine, TimeProvider timeProvider)
    {
        var (fileName, arguments) = guard.Wrap(spec.FileName, spec.Arguments);
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var name in spec.NotInherited)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new DistributedApplicationException($"'{spec.FileName}' could not be started.");
        var output = Task.WhenAll(ReadLinesAsync(process.StandardOutput, line => writeLine(line, false)), ReadLinesAsync(process.StandardError, line => writeLine(line, true)));
        return new ManagedProcess(process, guard, timeProvider, Task.WhenAll(output, WriteAsync(process.StandardInput, spec.StandardInput)));
    }

    /// <summary>Asks the process to end, and ends it when it has not within the grace time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        WasStopped = true;
        if (!Exited.IsCompleted)
        {
            Signal(SigTerm);
            await Task.WhenAny(Exited, Task.Delay(grace, _timeProvider));
        }

        while (!Exited.IsCompleted)
        {
            // Once it has ended its group is killed where that is noted, and its id may soon be another's.
            if (!_process.HasExited)
            {
                Signal(SigKill);
            }

            await Task.WhenAny(Exited, Task.Delay(BetweenKills, _timeProvider));
        }
    }

    public void Dispose() => _process.Dispose();

    // A process that was only just born leads no group yet, and a signal to its group reaches nobody.
    private void Signal(int signal)
    {
        if (Kill(-Id, signal) != 0 && !_process.HasExited)
        {
            _ = Kill(Id, signal);
        }
    }

    private static async Task WriteAsync(StreamWriter writer, string text)
    {
        try
        {
            await writer.WriteAsync(text);
            writer.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code tells why.
        }
    }

    private static async Task ReadLinesAsync(StreamReader reader, Action<string> writeLine)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, count))
            {
                if (c == '\n' || line.Length >= MaxLineLength)
                {
                    writeLine(line.ToString().TrimEnd('\r'));
                    line.Clear();
                }

                if (c != '\n')
                {
                    line.Append(c);
                }
            }
        }

        if (line.Length > 0)
        {
            writeLine(line.ToString());
        }
    }

    private async Task<int> WaitAsync(Task output)
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the output open for ever.
        await Task.WhenAny(output, Task.Delay(GroupGrace, _timeProvider));
        _ = Kill(-Id, SigKill);
        _guard.Forget(Id);

        // Now only one that left the group can. All others have written what they had, and it is read however late a busy machine lets us come to it.
        await Task.WhenAny(output, Task.Delay(DrainLimit, _timeProvider));
        return _process.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
