using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Transport.Abuse;

/// <summary>
/// A client that never reads, over real TCP: more is sent than all buffers on the way can hold. Alone in the process, because its
/// memory is measured.
/// </summary>
[CollectionDefinition(nameof(SlowClientTests), DisableParallelization = true)]
[Collection(nameof(SlowClientTests))]
public sealed class SlowClientTests(ITestOutputHelper output)
{
    private const int Chunks = 60;
    private const int ChunkLength = 256 * 1024;
    private const long Sent = (long)Chunks * ChunkLength;

    [Fact]
    [Trait("Spec", "T004-093")]
    public async Task Run_WithClientsThatNeverRead_ReachesTheOthersWhole()
    {
        // Cut off after an hour only: whoever waited for the deaf ones would not get to the end.
        await using var host = await ChatHost.StartAsync(Large, new() { ["Transport:SendTimeout"] = "01:00:00" });
        var user = new TestToken();
        using var deaf = await DeafClient.ConnectAsync(host.Url, "/ws/s1", host.Tokens.Issue(user));
        using var deafToo = await DeafClient.ConnectAsync(host.Url, "/ws/s1", host.Tokens.Issue(user));
        await using var screen = await host.ConnectAsync(user, "/ws/s1");
        await using var elsewhere = await host.ConnectAsync(user, "/ws/s2");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await screen.SendAsync(new { type = "chat_message", message = "large" });
        await elsewhere.SendAsync(new { type = "chat_message", message = "small" });
        var run = await screen.ReadRunAsync();
        FrameRules.Check(await elsewhere.ReadRunAsync());

        FrameRules.Check(run);
        Assert.Equal(Chunks, run.Count(frame => frame.Type == "thinking_chunk"));
        // The run itself, once, whoever reads it; and what the pools keep.
        var held = GC.GetTotalMemory(forceFullCollection: true) - before - (run.Sum(frame => frame.Raw.Length) * 4L);
        Assert.InRange(held, long.MinValue, 3 * Sent);
    }

    [Fact]
    public async Task Client_ThatNeverReads_IsCutOffAndResumesTheWholeGap()
    {
        await using var host = await ChatHost.StartAsync(Large, new() { ["Transport:SendTimeout"] = "00:00:03" });
        var user = new TestToken();
        using var deaf = await DeafClient.ConnectAsync(host.Url, "/ws/s1", host.Tokens.Issue(user));
        await using var screen = await host.ConnectAsync(user, "/ws/s1");

        await screen.SendAsync(new { type = "chat_message", message = "large" });
        var run = await screen.ReadRunAsync();
        var ended = Stopwatch.GetTimestamp();
        await Eventually.BecomesTrueAsync(async () => await CountSocketsAsync(host, user) == 1, "the deaf client's connection ended");
        var cutOff = Stopwatch.GetElapsedTime(ended);
        var got = await deaf.ReadToEndAsync();
        var returned = Stopwatch.GetTimestamp();
        await using var back = await host.ConnectAsync(user, "/ws/s1");
        await back.ResumeAsync(run[0], lastSeq: 3);
        var rest = await back.ReadUntilAsync("typing");
        output.WriteLine(
            $"fault: a client that never reads | cut off {cutOff.TotalMilliseconds:0} ms after the end of the run | "
            + $"the whole gap {Stopwatch.GetElapsedTime(returned).TotalMilliseconds:0} ms after its return | frames lost: {run.Count - 3 - rest.OfRun(run[0].RunId).Count}");

        Assert.InRange(got, 0, Sent - ChunkLength);
        FrameRules.Check([.. run.Take(3), .. rest.OfRun(run[0].RunId)]);
        Assert.Equal(run.Skip(3).Raws(), rest.OfRun(run[0].RunId).Raws());
        FrameRules.Check(await back.AskAsync("small"));
    }

    private static async Task<long> CountSocketsAsync(ChatHost host, TestToken user)
    {
        var redis = host.Services.GetRequiredService<RedisClient>();
        var key = RunKeys.UserSockets(user.PracticeId, user.UserId);
        return await redis.RunAsync("ZCARD", database => database.SortedSetLengthAsync(key), CancellationToken.None);
    }

    private static async Task<AgentOutcome> Large(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
    {
        if (run.Message != "large")
        {
            return await Scripts.Echo(run, output, token, cancellationToken);
        }

        var text = new string('x', ChunkLength);
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            await output.EmitAsync(new ThinkingChunkFrame(text), cancellationToken);
        }

        return Scripts.Outcome("large");
    }
}
