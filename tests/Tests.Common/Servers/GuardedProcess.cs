using System.Diagnostics;
using System.Globalization;

namespace AiPlatform.Tests.Common;

/// <summary>
/// A server program under a guard: a shell that reads a pipe from this process and kills the server and removes its folder
/// when the pipe ends, which it does however this process goes, SIGKILL included.
/// </summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    // A line names the signal to end the server with and leaves the folder for a restart; end of file ends everything, also
    // while a fresh folder is still being made (then nobody reads the pid, hence PIPE).
    private const string Guard = """
        exec 2>/dev/null
        trap '' INT HUP TERM PIPE
        folder=$1; log=$2; bootstrap=$3; shift 3
        if [ -f "$bootstrap" ]; then
            "$@" --bootstrap <"$bootstrap" >>"$log" 2>&1 || exit 1
            rm "$bootstrap"
        fi
        "$@" </dev/null >>"$log" 2>&1 &
        pid=$!
        echo "$pid"
        if read -r signal; then
            kill -s "$signal" "$pid"; wait "$pid"
        else
            kill -s KILL "$pid"; wait "$pid"; rm -rf "$folder"
        fi
        """;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly Process _guard;
    private readonly string _log;

    private GuardedProcess(Process guard, int processId, string log)
    {
        _guard = guard;
        ProcessId = processId;
        _log = log;
    }

    public int ProcessId { get; }

    /// <summary>False once somebody ended it here.</summary>
    public bool IsGuarded => !_guard.HasExited;

    /// <param name="bootstrap">When this file exists the program first runs once with it as input and <c>--bootstrap</c> added.</param>
    public static async Task<GuardedProcess> StartAsync(
        string folder, string log, string program, IEnumerable<string> arguments, string bootstrap, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in (string[])["-c", Guard, "guard", folder, log, bootstrap, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var guard = await StartAsync(start);
        var processId = await guard.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException($"{program} could not make its folder:\n{await File.ReadAllTextAsync(log, cancellationToken)}");
        return new(guard, int.Parse(processId, CultureInfo.InvariantCulture), log);
    }

    /// <summary>Waits until the server answers, and fails with its log when it ends or never does.</summary>
    public async Task WaitUntilReadyAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Timeout);
        try
        {
            // Asked in this order: when our server could not get its port, somebody else's may be what answered.
            while (!await isReady(bounded.Token) || HasExited())
            {
                if (HasExited())
                {
                    throw new InvalidOperationException($"The server ended as it started. Its log:\n{await ReadLogAsync(cancellationToken)}");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10), bounded.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not answer within {Timeout}. Its log:\n{await ReadLogAsync(CancellationToken.None)}");
        }
    }

    public Task<string> ReadLogAsync(CancellationToken cancellationToken) => File.ReadAllTextAsync(_log, cancellationToken);

    /// <summary>Ends the server with TERM or KILL; its folder stays.</summary>
    public async Task EndAsync(string signal, CancellationToken cancellationToken)
    {
        await _guard.StandardInput.WriteLineAsync(signal.AsMemory(), cancellationToken);
        await _guard.StandardInput.FlushAsync(cancellationToken);
        await _guard.WaitForExitAsync(cancellationToken).WaitAsync(Timeout, cancellationToken);
    }

    /// <summary>Sends a signal that does not end the server: STOP or CONT.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = await StartAsync(new("/bin/sh", ["-c", $"kill -s {signal} {ProcessId}"]));
        await kill.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsGuarded)
        {
            _guard.StandardInput.Close();
            await _guard.WaitForExitAsync().WaitAsync(Timeout);
        }

        _guard.Dispose();
    }

    // On a thread of its own: it is held up until the child has become its program, and some tests watch the threads of the pool.
    private static Task<Process> StartAsync(ProcessStartInfo start) => Task.Factory.StartNew(
        () => Process.Start(start)!, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // The guard has not reaped it yet, so an ended server is a zombie. Its line: 4711 (redis-server) S 1 ...
    private bool HasExited()
    {
        var stat = $"/proc/{ProcessId}/stat";
        return OperatingSystem.IsLinux() && (!File.Exists(stat) || File.ReadAllText(stat).Split(") ")[^1].StartsWith('Z'));
    }
}
