using System.Runtime.InteropServices;

namespace AiPlatform.ServiceDefaults.Tests.Hosting;

public sealed class NativeMemoryTests
{
    // Of glibc: in front of a piece stands its size, with what it is in the lowest bits. It maps pieces from 128 KB on by itself.
    private const nint IsMapped = 2;
    private const int Bytes = 100_000;

    // More than an arena has free from before: what is free is given out first.
    private const int Most = 2_000;

    [Fact]
    public async Task Start_OfAService_MapsWhatTheCompilerTakesSoThatItGoesBack()
    {
        await using var service = await TestService.StartAsync();

        Assert.True(!OperatingSystem.IsLinux() || IsOneMapped());
    }

    private static bool IsOneMapped()
    {
        var pieces = new List<nint>();
        try
        {
            while (pieces.Count < Most)
            {
                pieces.Add(Marshal.AllocHGlobal(Bytes));
                if ((Marshal.ReadIntPtr(pieces[^1], -nint.Size) & IsMapped) != 0)
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            pieces.ForEach(Marshal.FreeHGlobal);
        }
    }
}
