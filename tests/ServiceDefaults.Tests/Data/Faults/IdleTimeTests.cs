using System.Diagnostics;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>The measure itself: it sees who waits for something that is not the machine.</summary>
[Collection(nameof(FaultTests))]
public sealed class IdleTimeTests
{
    [Fact]
    public async Task Between_WhileNobodyDoesAnything_IsMoreThanAnyBoundOnIt()
    {
        using var idleTime = IdleTime.WithServer((await DataServers.StartAsync()).MariaDb.ProcessId);

        // Far longer than a busy machine keeps a thread from its core.
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(2));
        var ended = Stopwatch.GetTimestamp();
        idleTime.Stop();

        Assert.InRange(idleTime.Between(started, ended) - idleTime.WorstLook, TimeSpan.FromMilliseconds(100), Stopwatch.GetElapsedTime(started, ended));
    }
}
