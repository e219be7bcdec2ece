using System.Diagnostics;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Xunit.Abstractions;

namespace AiPlatform.Services.Chat.Tests.Transport.Abuse;

/// <summary>What a client may throw at a socket without anybody else noticing, itself included.</summary>
[Collection(nameof(SlowClientTests))]
public sealed class SocketAbuseTests(ITestOutputHelper output) : IDisposable
{
    private const int Chunks = 60;
    private const int Batch = 100;

    private readonly SemaphoreSlim _chunk = new(0);

    [Fact]
    [Trait("Spec", "T002-114")]
    public async Task Socket_TenThousandMalformedFramesDuringARun_AnswersEachAndDisturbsNothing()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}.");
        await using var host = await ChatHost.StartAsync(Streaming, new() { ["Transport:SocketsPerUser"] = "100" });
        var user = new TestToken();
        await using var screen = await host.ConnectAsync(user, "/ws/s1");
        var sockets = new List<ChatSocket>();
        for (var index = 0; index < 5; index++)
        {
            sockets.Add(await host.ConnectAsync(user, "/ws/s1"));
        }

        await AbuseAsync(sockets[0], new(seed), Batch);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await screen.SendAsync(new { type = "chat_message", message = "stream" });
        var watching = screen.ReadRunAsync();

        // 60 batches on one connection, 10 each on four others, and connections that break off in between.
        var one = Task.Run(async () =>
        {
            var frames = new MalformedFrames(seed + 1);
            for (var batch = 0; batch < Chunks; batch++)
            {
                await AbuseAsync(sockets[0], frames, Batch);
                _chunk.Release();
            }
        });
        var others = sockets.Skip(1).Select((socket, index) => Task.Run(async () =>
        {
            var frames = new MalformedFrames(seed + 2 + index);
            for (var batch = 0; batch < 10; batch++)
            {
                await AbuseAsync(socket, frames, Batch);
                await BreakOffAsync(host, user, (batch + index) % 5);
            }
        }));
        await Task.WhenAll(others.Append(one));
        var run = await watching;

        FrameRules.Check(run);
        Assert.Equal(Chunks, run.Count(frame => frame.Type == "text_chunk"));
        foreach (var socket in sockets)
        {
            if (socket.Frames.All(frame => frame.Type != "agent_completed"))
            {
                await socket.ReadUntilAsync("agent_completed");
            }

            Assert.Equal(run.Raws(), socket.Frames.OfRun(run[0].RunId).Raws());
        }

        var next = Stopwatch.GetTimestamp();
        await screen.SendAsync(new { type = "chat_message", message = "next" });
        FrameRules.Check(await screen.ReadRunAsync());
        output.WriteLine($"fault: malformed frames | the next run is whole after {Stopwatch.GetElapsedTime(next).TotalMilliseconds:0} ms | frames lost: {Chunks - run.Count(frame => frame.Type == "text_chunk")}");
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }

        sockets.Clear();
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"Memory: {before / 1024} KiB before, {grown / 1024} KiB more after.");
        Assert.InRange(grown, long.MinValue, 64 * 1024 * 1024);
    }

    public void Dispose() => _chunk.Dispose();

    /// <summary>Sends as many malformed frames and a ping, and finds exactly the answer of each.</summary>
    private static async Task AbuseAsync(ChatSocket socket, MalformedFrames malformed, int count)
    {
        var frames = Enumerable.Range(0, count).Select(_ => malformed.Next()).ToList();
        for (var index = 0; index < count; index++)
        {
            await socket.SendPartsAsync(frames[index].Utf8, parts: index % 10 == 0 ? 3 : 1);
        }

        await socket.SendAsync(new { type = "ping" });
        var answers = (await socket.ReadUntilAsync("pong")).Where(frame => frame.Seq is null && frame.Type is not ("typing" or "pong")).ToList();
        for (var index = 0; index < Math.Min(answers.Count, count); index++)
        {
            var answer = $"{answers[index].Type} {answers[index].TextOf("code") ?? answers[index].TextOf("reason")}";
            Assert.True(frames[index].Answer.Contains(answer), $"{answer} to {frames[index]}");
        }

        Assert.Equal(count, answers.Count);
    }

    /// <summary>Connections that end: by the documented code, or because the client went away in the middle of a frame.</summary>
    private static async Task BreakOffAsync(ChatHost host, TestToken user, int how)
    {
        await using var socket = await host.ConnectAsync(user, "/ws/s1");
        switch (how)
        {
            case 0:
                await socket.SendBinaryAsync(new byte[1000]);
                await socket.ReadUntilClosedAsync();
                Assert.Equal(1003, socket.CloseStatus);
                break;
            case 1:
                await socket.SendPartsAsync(new byte[5 * 1024 * 1024], parts: 8);
                var last = await socket.ReadUntilClosedAsync();
                Assert.Equal((1009, "message_too_large"), (socket.CloseStatus, last.Last(frame => frame.Type == "error").TextOf("code")));
                break;
            case 2:
                // Half a code point: RFC 6455 itself wants the connection ended with 1007.
                await socket.SendPartsAsync("{\"type\":\"ping\",\"x\":\""u8.ToArray().Concat(new byte[] { 0xC3, 0x28, 0xFF }).ToArray(), parts: 1);
                await socket.ReadUntilClosedAsync();
                Assert.Equal(1007, socket.CloseStatus);
                break;
            case 3:
                await socket.SendOpenPartAsync("{\"type\":\"chat_message\",\"message\":\"never fin"u8.ToArray());
                socket.Drop();
                break;
            default:
                await socket.SendOpenPartAsync(new byte[100_000]);
                await socket.SendOpenPartAsync(ReadOnlyMemory<byte>.Empty);
                socket.Drop();
                break;
        }
    }

    private async Task<AgentOutcome> Streaming(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
    {
        if (run.Message != "stream")
        {
            return await Scripts.Echo(run, output, token, cancellationToken);
        }

        for (var chunk = 1; chunk <= Chunks; chunk++)
        {
            await _chunk.WaitAsync(cancellationToken);
            await output.EmitAsync(new TextChunkFrame("word ", 5 * chunk), cancellationToken);
        }

        return Scripts.Outcome(string.Concat(Enumerable.Repeat("word ", Chunks)));
    }
}
