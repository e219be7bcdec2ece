namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>The measure itself: it sees a starved pool.</summary>
[Collection(nameof(FaultTests))]
public sealed class PoolLatenessTests
{
    private const int Tries = 30;

    [Fact]
    public async Task Stop_PoolThreadsBlocked_SaysHowLate()
    {
        ThreadPool.GetMinThreads(out var threads, out _);
        var late = TimeSpan.Zero;

        // While the machine keeps threads from their cores for as long as this, the measure blames it and not the pool: then once more.
        for (var tries = 0; tries < Tries && late < TimeSpan.FromMilliseconds(100); tries++)
        {
            await using var lateness = new PoolLateness();

            // More than the pool has, and it adds only few a second.
            await Task.WhenAll(Enumerable.Range(0, Math.Max(threads, ThreadPool.ThreadCount) + 8).Select(_ => Task.Run(() => Thread.Sleep(500))));
            late = await lateness.StopAsync();
        }

        Assert.InRange(late, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
    }
}
