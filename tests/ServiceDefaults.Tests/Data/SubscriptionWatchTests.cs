using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class SubscriptionWatchTests
{
    // Longer than any answer takes on a busy machine, on which time goes on here faster than there.
    private static readonly TimeSpan Bound = TimeSpan.FromHours(1);

    [Fact]
    public async Task Watch_ConnectionThatAnswers_AsksItOnceInFiveSecondsAndKeepsIt()
    {
        await using var server = await RedisServer.StartAsync();
        using var multiplexer = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        using var stop = new CancellationTokenSource();
        var time = new TestTimeProvider();
        var watch = new SubscriptionWatch(Bound, time, NullLogger.Instance);
        var (asked, fellSilent) = (0, 0);
        var watching = watch.RunAsync(
            () =>
            {
                Interlocked.Increment(ref asked);
                return multiplexer;
            },
            () => Interlocked.Increment(ref fellSilent),
            stop.Token);

        for (var times = 0; times < 3; times++)
        {
            var passed = TimeSpan.Zero;
            await Eventually.BecomesTrueAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(100));
                    passed += TimeSpan.FromMilliseconds(100);
                    return Volatile.Read(ref asked) > times;
                },
                "the connection is asked");

            Assert.InRange(passed, TimeSpan.FromSeconds(5), Bound);
        }

        await stop.CancelAsync();
        await watching.WaitAsync(Eventually.Timeout);
        Assert.Equal((3, 0, false), (asked, fellSilent, watch.IsSilent(multiplexer)));
        Assert.InRange(await UnsubscribesAsync(multiplexer), 2, long.MaxValue);
    }

    // What the library asks such a connection with, which needs not have come to the third: cmdstat_unsubscribe:calls=3,usec=9,...
    private static async Task<long> UnsubscribesAsync(ConnectionMultiplexer multiplexer)
    {
        var stats = (string)(await multiplexer.GetDatabase().ExecuteAsync("INFO", "commandstats"))!;
        var calls = System.Text.RegularExpressions.Regex.Match(stats, @"cmdstat_unsubscribe:calls=(\d+)").Groups[1];
        return calls.Success ? long.Parse(calls.Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
    }
}
