using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Makes the threads that wait for the process's sockets batch threads, on Linux. Such a thread wakes for whatever arrives, only to hand it to the pool, and by
/// default the kernel takes a processor from a thread at work for it each time. A batch thread takes a free one; where there is none it waits for its turn, and
/// finds all that has come meanwhile.
/// </summary>
internal sealed partial class SocketThreads(TimeProvider timeProvider, ILogger<SocketThreads> logger) : BackgroundService
{
    // The runtime's name for them. They are there from the first use of a socket to the end, and a server begins to listen a moment after it has started.
    private const string Name = ".NET Sockets";

    private const int Batch = 3;
    private const int MostTries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var tries = 0; OperatingSystem.IsLinux() && tries < MostTries && !stoppingToken.IsCancellationRequested && !MakeBatch(); tries++)
        {
            await Task.Delay(Pause, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal static List<int> Ids() =>
        [.. Directory.EnumerateDirectories("/proc/self/task").Where(static folder => NameOf(folder) == Name).Select(static folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))];

    /// <returns>False when there is none yet.</returns>
    private bool MakeBatch()
    {
        try
        {
            var ids = Ids();

            if (ids.Exists(static id => SetScheduler(id, Batch, priority: 0) != 0))
            {
                LogRefused(Marshal.GetLastPInvokeErrorMessage());
            }

            return ids.Count > 0;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or IOException or UnauthorizedAccessException)
        {
            // Another C library may not have it, and a container's rules may refuse it: all is as it was then.
            LogRefused(exception.Message);
            return true;
        }
    }

    // A thread may end while the list of them is read.
    private static string? NameOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd();
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int id, int policy, in int priority);

    [LoggerMessage(LogLevel.Debug, "The threads that wait for sockets stay as they are: {Reason}.")]
    private partial void LogRefused(string reason);
}
