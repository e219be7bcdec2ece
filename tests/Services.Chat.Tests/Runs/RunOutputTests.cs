using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class RunOutputTests
{
    [Fact]
    public async Task Append_WhileRedisSaysNothing_LetsNoFrameOutBeforeItsAnswer()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await ChatHost.StartAsync(
            Scripts.Echo, new() { ["ConnectionStrings:redis"] = redis.ConnectionString, ["RunLog:AppendMilliseconds"] = "5000" });
        var log = host.Services.GetRequiredService<RunLog>();
        var run = new RunKey(Guid.CreateVersion7(), Guid.CreateVersion7());
        var claim = new LogClaim(
            run, new(run.PracticeId, Guid.CreateVersion7(), "s1"), Guid.CreateVersion7(), "replica", LogClaim.NewEpoch(DateTimeOffset.UtcNow), LogClaim.FirstFence);
        var start = new LogPlace(claim.Epoch, 0);
        var feed = new RunFeed();
        feed.AttachWriter(start);
        var output = new RunOutput(log, feed, claim, "web_assistant", TimeProvider.System);
        await log.OpenAsync(claim, default);
        await output.AppendAsync(new WorkingFrame("one"));

        await redis.FreezeAsync();
        var appending = output.AppendAsync(new WorkingFrame("two"));
        var meanwhile = feed.ReadTail(start)!.Select(frame => frame.Place).ToList();
        Assert.Equal([new LogPlace(claim.Epoch, 1)], meanwhile);
        Assert.False(appending.IsCompleted);
        await redis.ThawAsync();
        await appending;

        Assert.Equal([new LogPlace(claim.Epoch, 1), new LogPlace(claim.Epoch, 2)], feed.ReadTail(start)!.Select(frame => frame.Place));
    }
}
