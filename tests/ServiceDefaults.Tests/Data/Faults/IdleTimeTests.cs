using System.Diagnostics;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>The measure itself: it sees who waits for something that is not the machine.</summary>
[Collection(nameof(FaultTests))]
public sealed class IdleTimeTests
{
    private const int Tries = 30;

    [Fact]
    public async Task Between_WhileNobodyDoesAnything_IsMoreThanAnyBoundOnIt()
    {
        var server = (await DataServers.StartAsync()).MariaDb.ProcessId;
        var (idle, length) = (TimeSpan.Zero, TimeSpan.Zero);

        // While the machine keeps threads from their cores for as long as this, nobody counts as idle: then once more.
        for (var tries = 0; tries < Tries && idle < TimeSpan.FromMilliseconds(100); tries++)
        {
            using var idleTime = IdleTime.WithServer(server);
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            var ended = Stopwatch.GetTimestamp();
            idleTime.Stop();
            (idle, length) = (idleTime.Between(started, ended) - idleTime.WorstLook, Stopwatch.GetElapsedTime(started, ended));
        }

        Assert.InRange(idle, TimeSpan.FromMilliseconds(100), length);
    }
}
