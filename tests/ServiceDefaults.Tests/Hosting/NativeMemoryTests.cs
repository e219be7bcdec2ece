using System.Runtime.InteropServices;

namespace AiPlatform.ServiceDefaults.Tests.Hosting;

public sealed class NativeMemoryTests
{
    // Of glibc: in front of a piece stands its size, with what it is in the lowest bits. It maps pieces from 128 KB on by itself.
    private const nint IsMapped = 2;
    private const int Bytes = 100_000;

    [Fact]
    public async Task Start_OfAService_MapsWhatTheCompilerTakesSoThatItGoesBack()
    {
        await using var service = await TestService.StartAsync();

        Assert.True(!OperatingSystem.IsLinux() || IsLargePieceMapped());
    }

    private static bool IsLargePieceMapped()
    {
        var piece = Marshal.AllocHGlobal(Bytes);
        try
        {
            return (Marshal.ReadIntPtr(piece, -nint.Size) & IsMapped) != 0;
        }
        finally
        {
            Marshal.FreeHGlobal(piece);
        }
    }
}
