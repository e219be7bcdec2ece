using AiPlatform.Tests.Common;

namespace AiPlatform.Distributed.Tests;

[Collection(GraphTests.Name)]
public sealed class ResumeTests(GraphFixture graph)
{
    [Fact]
    public async Task Resume_DroppedAfterAnyFrameOfTheMainJob_YieldsTheSameFrames()
    {
        var token = await graph.SignInAsync();
        var message = Conversation.FindSession(await AnyClientAsync(token));
        var (find, write) = await RunUninterruptedAsync(token, message);

        for (var cut = 1; cut <= find.Count; cut++)
        {
            await AssertResumedAsync(token, [message], TypesOf(find), cut);
        }

        for (var cut = 1; cut <= write.Count; cut++)
        {
            await AssertResumedAsync(token, [message, Conversation.WriteNote], TypesOf(write), cut);
        }
    }

    /// <summary>Talks, drops the socket after frame <paramref name="cut"/> of the last run, comes back and reads on.</summary>
    private async Task AssertResumedAsync(string token, string[] messages, IReadOnlyList<string> expected, int cut)
    {
        var sessionId = $"resume-{Guid.CreateVersion7():N}";
        var seen = new List<ReceivedFrame>();
        await using (var socket = await Conversation.OpenAsync(graph.App, token, sessionId))
        {
            foreach (var message in messages[..^1])
            {
                await Conversation.SayAsync(socket, message);
            }

            await socket.SendAsync(new { type = "chat_message", message = messages[^1] });
            seen.AddRange((await socket.ReadUntilAsync(frame => frame.Seq == cut)).Where(frame => frame.Seq is not null));
            socket.Drop();
        }

        await using var again = await ChatSocket.ConnectAsync(graph.ChatSocketUri(sessionId), token);
        await again.SendAsync(new { type = "stream_resume", run_id = seen[^1].RunId, epoch = seen[^1].Epoch, last_seq = cut });
        var resumed = (await again.ReadUntilAsync("stream_resumed"))[^1];
        Assert.True(resumed.Json.GetProperty("recovered").GetBoolean(), $"Cut after frame {cut}: {resumed.Raw}");
        if (seen[^1].Type != "agent_completed")
        {
            seen.AddRange((await again.ReadUntilAsync("agent_completed")).Where(frame => frame.Seq is not null));
        }

        // The whole log, read by somebody who was never cut off, byte for byte.
        await using var witness = await ChatSocket.ConnectAsync(graph.ChatSocketUri(sessionId), token);
        await witness.SendAsync(new { type = "stream_resume", run_id = seen[0].RunId, epoch = seen[0].Epoch, last_seq = 0 });
        var whole = (await witness.ReadUntilAsync("agent_completed")).Where(frame => frame.Seq is not null);
        Assert.Equal(whole.Select(frame => frame.Raw), seen.Select(frame => frame.Raw));
        Assert.Equal(expected, TypesOf(seen));
    }

    private async Task<(IReadOnlyList<ReceivedFrame> Find, IReadOnlyList<ReceivedFrame> Write)> RunUninterruptedAsync(string token, string message)
    {
        await using var socket = await Conversation.OpenAsync(graph.App, token, $"whole-{Guid.CreateVersion7():N}");
        var find = await Conversation.SayAsync(socket, message);
        var write = await Conversation.SayAsync(socket, Conversation.WriteNote);
        FrameRules.Check(find);
        FrameRules.Check(write);
        return (find, write);
    }

    private async Task<string> AnyClientAsync(string token)
    {
        using var api = graph.CreateClient("api", token);
        return await SampleClients.WithSessionsAsync(api);
    }

    private static List<string> TypesOf(IEnumerable<ReceivedFrame> frames) => [.. frames.Select(frame => frame.Type)];
}
