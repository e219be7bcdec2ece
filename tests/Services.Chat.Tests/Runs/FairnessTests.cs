using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Runs;

/// <summary>What one user may take of a replica, and what is said when nothing is left.</summary>
public sealed class FairnessTests : IDisposable
{
    private readonly SemaphoreSlim _started = new(0);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Run_WhileAnotherUserWaitsInManySessions_HasItsTurnAtOnce()
    {
        await using var host = await ChatHost.StartAsync(Held, new() { ["Runs:PerUser"] = "2", ["Runs:PerReplica"] = "4" });
        var greedy = new TestToken();
        var sockets = await SendAsync(host, greedy, 6);
        await StartedAsync(2);
        await using var other = await host.ConnectAsync(new TestToken(), "/ws/s1");

        var run = await other.AskAsync("at once");
        _go.SetResult();

        FrameRules.Check(run);
        foreach (var socket in sockets)
        {
            FrameRules.Check(await socket.ReadRunAsync());
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sessions_OfOneUser_TakeTurnsRunByRun()
    {
        await using var host = await ChatHost.StartAsync(Held, new() { ["Runs:PerUser"] = "1" });
        var user = new TestToken();
        await using var long1 = await host.ConnectAsync(user, "/ws/long");
        await using var short1 = await host.ConnectAsync(user, "/ws/short");
        await long1.SendAsync(new { type = "chat_message", message = "wait long 1" });
        await StartedAsync(1);
        await long1.SendAsync(new { type = "chat_message", message = "wait long 2" });
        await long1.SendAsync(new { type = "chat_message", message = "wait long 3" });
        await QueuedAsync(host, 3);
        await short1.SendAsync(new { type = "chat_message", message = "wait short" });
        await QueuedAsync(host, 4);

        _go.SetResult();
        for (var run = 0; run < 3; run++)
        {
            FrameRules.Check(await long1.ReadRunAsync());
        }

        FrameRules.Check(await short1.ReadRunAsync());
        Assert.Equal(["wait long 1", "wait short", "wait long 2", "wait long 3"], _order);
    }

    [Fact]
    public async Task Cancel_OfARunThatWaitsForItsUser_EndsItBeforeThoseThatRun()
    {
        await using var host = await ChatHost.StartAsync(Held, new() { ["Runs:PerUser"] = "1" });
        var user = new TestToken();
        var sockets = await SendAsync(host, user, 1);
        await StartedAsync(1);
        await using var waiting = await host.ConnectAsync(user, "/ws/waiting");
        await waiting.SendAsync(new { type = "chat_message", message = "wait here" });
        await QueuedAsync(host, 2);

        await waiting.SendAsync(new { type = "cancel" });
        var run = await waiting.ReadRunAsync();
        _go.SetResult();

        FrameRules.Check(run);
        Assert.Equal("cancelled", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        FrameRules.Check(await sockets[0].ReadRunAsync());
        await sockets[0].DisposeAsync();
    }

    [Fact]
    public async Task Message_BeyondWhatItsUserMayHaveWaiting_IsRefusedAndOthersAreNot()
    {
        await using var host = await ChatHost.StartAsync(Held, new() { ["Runs:PerUser"] = "1", ["Runs:QueuedPerUser"] = "2" });
        var user = new TestToken();
        var sockets = await SendAsync(host, user, 1);
        await StartedAsync(1);
        sockets.AddRange(await SendAsync(host, user, 2));
        await QueuedAsync(host, 3);
        await using var more = await host.ConnectAsync(user, "/ws/more");
        await using var other = await host.ConnectAsync(new TestToken(), "/ws/more");

        await more.SendAsync(new { type = "chat_message", message = "one too many" });
        var error = await more.ReadAsync();
        var run = await other.AskAsync("another user");
        _go.SetResult();
        foreach (var socket in sockets)
        {
            FrameRules.Check(await socket.ReadRunAsync());
            await socket.DisposeAsync();
        }

        Assert.Equal(("error", "buffer_overflow"), (error.Type, error.TextOf("code")));
        FrameRules.Check(run);
        FrameRules.Check(await more.AskAsync("room again"));
    }

    [Theory]
    [InlineData("Runs:QueuedPerReplica", "1", 10)]
    [InlineData("Runs:QueuedCharacters", "1000000", 600_000)]
    public async Task Message_BeyondWhatMayWaitOnTheReplica_IsRefused(string setting, string value, int length)
    {
        await using var host = await ChatHost.StartAsync(Held, new() { ["Runs:PerUser"] = "1", ["Runs:PerReplica"] = "1", [setting] = value });
        var sockets = await SendAsync(host, new TestToken(), 1);
        await StartedAsync(1);
        var refused = 0;
        for (var user = 0; user < 8; user++)
        {
            await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
            await socket.SendAsync(new { type = "chat_message", message = $"wait {new string('x', length / 3)}" });
            await socket.SendAsync(new { type = "ping" });
            var answers = await socket.ReadUntilAsync("pong");
            refused += answers.Count(answer => answer.TextOf("code") == "buffer_overflow");
        }

        _go.SetResult();
        FrameRules.Check(await sockets[0].ReadRunAsync());
        await sockets[0].DisposeAsync();
        Assert.InRange(refused, 3, 7);
    }

    [Fact]
    public async Task Shutdown_WithRunsThatNeverHadTheirTurn_EndsThemAsInterrupted()
    {
        var host = await ChatHost.StartAsync(Held, new() { ["Runs:PerUser"] = "1" });
        await using var other = host.StartReplica();
        var user = new TestToken();
        var sockets = await SendAsync(host, user, 4);
        await QueuedAsync(host, 4);
        var runs = host.Services.GetRequiredService<ActiveRuns>().All.Select(run => run.Accepted.RunId).ToList();

        await host.DisposeAsync();

        using var client = other.CreateClient(user);
        foreach (var run in runs)
        {
            var record = await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{run}");
            Assert.Equal(("failed", "interrupted"), (record.GetProperty("status").GetString(), record.GetProperty("errorCode").GetString()));
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Shutdown_BeforeTheWorkerBegan_EndsWhatIsQueuedAsInterrupted()
    {
        await using var host = await ChatHost.StartAsync(
            Held, services: services => services.Remove(services.Single(service => service.ImplementationType == typeof(RunWorker))));
        var user = new TestToken();
        var sockets = await SendAsync(host, user, 1);
        await sockets[0].SendAsync(new { type = "ping" });
        await sockets[0].ReadUntilAsync("pong");
        var run = host.Services.GetRequiredService<ActiveRuns>().All.Single().Accepted.RunId;
        using var worker = ActivatorUtilities.CreateInstance<RunWorker>(host.Services);

        await worker.StartAsync(new(canceled: true));
        await worker.StopAsync(CancellationToken.None);

        using var client = host.CreateClient(user);
        var record = await client.GetFromJsonAsync<JsonElement>($"/chat/runs/{run}");
        Assert.Equal(("failed", "interrupted"), (record.GetProperty("status").GetString(), record.GetProperty("errorCode").GetString()));
        await sockets[0].DisposeAsync();
    }

    public void Dispose() => _started.Dispose();

    private async Task<AgentOutcome> Held(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
    {
        _order.Enqueue(run.Message);
        if (run.Message.StartsWith("wait", StringComparison.Ordinal))
        {
            _started.Release();
            await _go.Task.WaitAsync(cancellationToken);
        }

        return await Scripts.Echo(run, output, token, cancellationToken);
    }

    /// <summary>A message each in as many sessions.</summary>
    private static async Task<List<ChatSocket>> SendAsync(ChatHost host, TestToken user, int sessions)
    {
        var sockets = new List<ChatSocket>();
        for (var session = 0; session < sessions; session++)
        {
            var socket = await host.ConnectAsync(user, $"/ws/{Guid.CreateVersion7()}");
            await socket.SendAsync(new { type = "chat_message", message = "wait" });
            sockets.Add(socket);
        }

        return sockets;
    }

    private async Task StartedAsync(int runs)
    {
        for (var run = 0; run < runs; run++)
        {
            Assert.True(await _started.WaitAsync(ChatSocket.Timeout));
        }
    }

    private static Task QueuedAsync(ChatHost host, int runs) => Eventually.BecomesTrueAsync(
        () => host.Services.GetRequiredService<ActiveRuns>().All.Count() == runs, $"{runs} runs are accepted");
}
