using System.Globalization;
using AiPlatform.ServiceDefaults.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Hosting;

public sealed class SocketThreadsTests
{
    private const int Batch = 3;

    [Fact]
    public async Task Start_OfAService_MakesTheThreadsOfItsSocketsBatchThreads()
    {
        await using var service = await TestService.StartAsync();

        // Other systems have no such threads to be made, and the service starts all the same.
        await Eventually.BecomesTrueAsync(() => !OperatingSystem.IsLinux() || (SocketThreads.Ids() is { Count: > 0 } ids && ids.TrueForAll(static id => PolicyOf(id) == Batch)), "batch threads");
    }

    // 4711 (.NET Sockets) S 1 ...: the policy is the 41st word, the 39th after the name, which may have blanks.
    private static int PolicyOf(int id)
    {
        var stat = File.ReadAllText($"/proc/self/task/{id}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[38], CultureInfo.InvariantCulture);
    }
}
