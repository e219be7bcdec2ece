using System.Runtime.InteropServices;

namespace AiPlatform.ServiceDefaults.Hosting;

/// <summary>
/// Has the C library give memory back that the runtime is done with, on Linux. The compiler takes it there in pieces of 64 KB and more, and by default they come from
/// arenas, of which threads have many, and which are only cut at their ends. Here such pieces are mapped, and go back one by one.
/// </summary>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int TrimBytes = 128 * 1024;
    private const int MapBytes = 64 * 1024;

    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // By default it raises both as it goes.
            _ = (Set(TrimThreshold, TrimBytes), Set(MapThreshold, MapBytes));
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, which has its own ways: all stays as it is.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);
}
