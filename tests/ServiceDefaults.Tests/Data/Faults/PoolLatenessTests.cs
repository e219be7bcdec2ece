namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>The measure itself: it sees a starved pool.</summary>
[Collection(nameof(FaultTests))]
public sealed class PoolLatenessTests
{
    [Fact]
    public async Task Stop_PoolThreadsBlocked_SaysHowLate()
    {
        var lateness = new PoolLateness();
        ThreadPool.GetMinThreads(out var threads, out _);

        // More than the pool has, and it adds only few a second; far longer than a busy machine keeps a thread from its core.
        await Task.WhenAll(Enumerable.Range(0, Math.Max(threads, ThreadPool.ThreadCount) + 8).Select(_ => Task.Run(() => Thread.Sleep(2000))));

        Assert.InRange(await lateness.StopAsync(), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
    }
}
