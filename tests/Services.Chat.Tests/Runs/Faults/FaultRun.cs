using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Sessions;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>A run that something happens to, and what must be true of it afterwards whatever that was.</summary>
internal sealed class FaultRun(FaultRig rig, Guid runId, IReadOnlyList<ReceivedFrame> here, IReadOnlyList<ReceivedFrame> there)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(FaultRig.LeaseSeconds);

    public Guid RunId => runId;

    public RunKey Key => new(rig.User.PracticeId, runId);

    private ChatSessionKey Session => new(rig.User.PracticeId, rig.User.UserId, "s1");

    /// <summary>What the socket on the run's replica got.</summary>
    public IReadOnlyList<ReceivedFrame> Here { get; private set; } = here;

    /// <summary>What the screen on the other replica got.</summary>
    public IReadOnlyList<ReceivedFrame> There { get; private set; } = there;

    /// <summary>Numbers that a socket did not get, of those that its epochs must have.</summary>
    public long LostFrames => LostOf(Here) + LostOf(There);

    public static string[] Reasons(IEnumerable<ReceivedFrame> frames) => [.. frames.Where(frame => frame.Type == "run_snapshot").Select(frame => frame.TextOf("reason")!)];

    public async Task ReadHereAsync(Func<ReceivedFrame, bool> until) =>
        Here = [.. Here, .. (await rig.Socket.ReadUntilAsync(frame => frame.RunId == $"{runId}" && until(frame))).OfRun($"{runId}")];

    public async Task ReadThereAsync(Func<ReceivedFrame, bool> until) =>
        There = [.. There, .. (await rig.Screen.ReadUntilAsync(frame => frame.RunId == $"{runId}" && until(frame))).OfRun($"{runId}")];

    /// <summary>Reads to the end on both replicas; each was told once that the log was lost, and the run is whole.</summary>
    /// <returns>How long the next frame took.</returns>
    public async Task<TimeSpan> EndsInANewEpochAsync()
    {
        var stall = await FaultRig.TimeAsync(() => ReadHereAsync(frame => frame.Seq == 2));
        await ReadHereToEndAsync();
        await ReadThereToEndAsync();

        Assert.Equal(["log_lost"], Reasons(Here));
        Assert.Equal(["log_lost"], Reasons(There));
        await CheckAsync();
        return stall;
    }

    public Task ReadHereToEndAsync() => ReadHereAsync(frame => frame.Type == "agent_completed");

    public Task ReadThereToEndAsync() => ReadThereAsync(frame => frame.Type == "agent_completed");

    /// <summary>Exactly one end, on both sockets and in the log; nothing lost; nothing stuck; MySQL agrees; the next message works.</summary>
    public async Task CheckAsync(string status = "completed", string? text = null)
    {
        text ??= FaultRig.Text;
        foreach (var seen in (IReadOnlyList<ReceivedFrame>[])[Here, There])
        {
            FrameRules.Check(seen);
            Assert.Equal((status, text), (EndOf(seen).GetProperty("status").GetString(), EndOf(seen).GetProperty("result").GetProperty("text").GetString()));
        }

        await LogIsWholeAsync();
        await ResumeReadsTheSameAsync();
        await RecordAgreesAsync(status, text);
        await NothingIsStuckAsync();
        foreach (var socket in (ChatSocket[])[rig.Socket, rig.Screen])
        {
            await socket.SendAsync(new { type = "chat_message", message = "And now?" });
            var next = await socket.ReadUntilAsync(frame => frame.Type == "agent_completed" && frame.RunId != $"{runId}");
            var other = socket == rig.Socket ? rig.Screen : rig.Socket;
            await other.ReadUntilAsync(frame => frame.Type == "agent_completed" && frame.RunId == next[^1].RunId);
            FrameRules.Check(next.OfRun(next[^1].RunId));
            Assert.Equal("completed", EndOf(next).GetProperty("status").GetString());
        }

        Assert.Single(rig.Socket.Frames, frame => frame.Type == "agent_completed" && frame.RunId == $"{runId}");
        Assert.Single(rig.Screen.Frames, frame => frame.Type == "agent_completed" && frame.RunId == $"{runId}");
    }

    private static long LostOf(IReadOnlyList<ReceivedFrame> seen) =>
        seen.GroupBy(frame => frame.Epoch).Sum(epoch => epoch.Max(frame => frame.Seq!.Value) - epoch.Select(frame => frame.Seq).Distinct().Count());

    /// <summary>Waits until the log has its last frame.</summary>
    public async Task LogIsEndedAsync()
    {
        var log = rig.There.Services.GetRequiredService<RunLog>();
        await Eventually.BecomesTrueAsync(async () => await HeadAsync(log) is { Ended: true }, "the log has its last frame");
    }

    /// <summary>What any replica reads is what the sockets got of the last epoch, with one end.</summary>
    private async Task LogIsWholeAsync()
    {
        var log = rig.There.Services.GetRequiredService<RunLog>();
        await LogIsEndedAsync();
        var head = (await HeadAsync(log))!;
        var frames = await log.ReadAllAsync(Key, head.Epoch, default);
        var raws = frames.Select(frame => System.Text.Encoding.UTF8.GetString(frame.Utf8.Span)).ToArray();

        Assert.Equal(Enumerable.Range(1, frames.Count).Select(seq => (long)seq), frames.Select(frame => frame.Seq));
        Assert.Single(frames, frame => frame.IsLast);
        Assert.Equal(There.Where(frame => frame.Epoch == head.Epoch).Raws(), raws);
        Assert.Equal(Here.Where(frame => frame.Epoch == head.Epoch).Raws(), raws);
    }

    public async Task RecordAgreesAsync(string status, string text)
    {
        using var client = rig.There.CreateClient(rig.User);
        async Task<JsonElement> ReadAsync() => await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{runId}");
        await Eventually.BecomesTrueAsync(async () => (await ReadAsync()).GetProperty("endedAt").ValueKind != JsonValueKind.Null, "the record has its end");
        var record = await ReadAsync();
        Assert.Equal((status, text), (record.GetProperty("status").GetString(), record.GetProperty("text").GetString()));

        var store = rig.There.Services.GetRequiredService<IRunStore>();
        await Eventually.BecomesTrueAsync(
            async () => (await store.ListUnclosedAsync(DateTimeOffset.MaxValue, null, 1000, default)).All(run => run.Id != runId), "the log is closed");
    }

    /// <summary>The session's turn and the user's slot are this run's, also after Redis had forgotten them.</summary>
    public async Task HoldsItsPlacesAsync()
    {
        var leases = rig.There.Services.GetRequiredService<RedisLeases>();
        foreach (var key in (string[])[RunKeys.Turn(Session), RunKeys.UserRuns(Session.PracticeId, Session.UserId)])
        {
            await Eventually.BecomesTrueAsync(async () => await leases.FirstHolderAsync(key, default) == $"{runId}", $"{key} is held");
        }
    }

    // From the middle of the last epoch on, by a client that comes back to the other replica.
    private async Task ResumeReadsTheSameAsync()
    {
        await using var back = await rig.There.ConnectAsync(rig.User, "/ws/s1");
        var last = Here.Where(frame => frame.Epoch == Here[^1].Epoch).ToList();
        await back.ResumeAsync(last[last.Count / 2]);
        Assert.Equal(last.Skip((last.Count / 2) + 1).Raws(), (await back.ReadUntilAsync("agent_completed")).OfRun($"{runId}").Raws());
    }

    private async Task NothingIsStuckAsync()
    {
        var redis = rig.There.Services.GetRequiredService<RedisClient>();
        async Task<bool> IsFreeAsync() =>
            !await redis.RunAsync("EXISTS lease", database => database.KeyExistsAsync(Key.Lease), default)
            && await CountAsync(RunKeys.Turn(Session)) + await CountAsync(RunKeys.UserRuns(Session.PracticeId, Session.UserId)) == 0;
        async Task<long> CountAsync(string key) =>
            await redis.RunAsync("ZCOUNT lease", database => database.SortedSetLengthAsync(key, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), default);

        // A lease that was not given back is gone within its time.
        await Eventually.BecomesTrueAsync(IsFreeAsync, "turn, slot and lease are free", LeaseTime + TimeSpan.FromSeconds(1));
    }

    private async Task<RunHead?> HeadAsync(RunLog log)
    {
        try
        {
            return await log.FindAsync(Key, default);
        }
        catch (RedisUnavailableException)
        {
            return null;
        }
    }

    private static JsonElement EndOf(IReadOnlyList<ReceivedFrame> frames) => frames[^1].Json.GetProperty("payload");
}
