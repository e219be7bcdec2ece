using System.Diagnostics;

namespace AiPlatform.Load.Requests;

/// <summary>
/// What a service and its database worked together, in processor time. On a machine that does other things too it says more than the clock does.
/// </summary>
internal sealed class CpuTime(int service, int database)
{
    public TimeSpan Service => Of(service);

    public TimeSpan Database => Of(database);

    private static TimeSpan Of(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }
}
