using System.Globalization;

namespace Aspire.Hosting.Processes;

internal static class ProcessState
{
    // PF_EXITING in the kernel's include/linux/sched.h.
    private const uint Exiting = 4;

    /// <summary>Whether the process has no more of its code to run. Only Linux tells before it is gone; elsewhere false.</summary>
    public static bool IsEnding(int pid)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            // 4711 (dotnet) S 1 4711 4711 0 -1 4194560 ...: after the name, which may hold anything, the state and sixth from it the flags
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" || (uint.Parse(fields[6], CultureInfo.InvariantCulture) & Exiting) != 0;
        }
        catch (IOException)
        {
            // Gone, and already collected.
            return true;
        }
    }
}
