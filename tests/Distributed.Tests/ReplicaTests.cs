using System.Diagnostics;
using System.Net.WebSockets;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AiPlatform.Distributed.Tests;

/// <summary>Two replicas of the chat service behind one address, and the end of one of them in the middle of its run.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _gate = new();
    private ModelServer? _model;
    private DistributedApplication? _app;

    private DistributedApplication App => _app!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync("model-key");
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Models:OpenAi:BaseUrl={_model.BaseUrl}", "--Models:OpenAi:ApiKey=model-key", "--Models:OpenAi:Model=test-model"]);
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "chat"))
            .WithReplicas(2)
            .WithEnvironment("RunLog__LeaseSeconds", "3");
        _app = await builder.BuildAsync();
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _app.StartAsync(bound.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("chat", bound.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("api", bound.Token);
    }

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        await App.DisposeAsync();
        await _model!.DisposeAsync();
    }

    [Fact]
    public async Task Replica_KilledInItsRun_IsMissedByItsOwnConnectionsOnlyAndItsRunEndsOnTheOther()
    {
        var token = await SampleSignIn.TokenAsync(App);
        var sessionId = $"replicas-{Guid.CreateVersion7():N}";
        await using var first = await ConnectAsync(token, sessionId);
        await using var second = await ConnectToAnotherAsync(token, sessionId, first.Instance!);
        _model!.Enqueue(ModelReply.Of([.. ModelStep.Words("Half an answer"), new ModelStep.Wait(_gate.Task)]), ModelReply.Text("A whole answer."));
        await first.SendAsync(new { type = "chat_message", message = "hello" });
        await first.ReadUntilAsync(IsTheHalf);
        var run = (await second.ReadUntilAsync(IsTheHalf))[^1].RunId;

        KillReplica(first.Instance!);

        await Assert.ThrowsAsync<WebSocketException>(() => first.ReadUntilClosedAsync());
        await second.ReadUntilAsync("agent_completed");
        var frames = second.Frames.OfRun(run);
        FrameRules.Check(frames);
        var end = frames[^1].Json.GetProperty("payload");
        Assert.Equal(("failed", "Half an answer"), (end.GetProperty("status").GetString(), end.GetProperty("result").GetProperty("text").GetString()));
        Assert.Equal(("Finished", 137), await EndOfAsync(first.Instance!));
        Assert.Equal([second.Instance!], await InstancesAsync(token, connections: 4));
        await second.SendAsync(new { type = "chat_message", message = "and now?" });
        FrameRules.Check((await second.ReadUntilAsync("agent_completed")).OfRun(second.Frames[^1].RunId));

        var restarted = await App.ResourceCommands.ExecuteCommandAsync(IdOf(first.Instance!), KnownResourceCommands.RestartCommand);
        Assert.True(restarted.Success, restarted.Message);
        await using var again = await ConnectToAnotherAsync(token, sessionId, second.Instance!);
        Assert.Equal(first.Instance, again.Instance);
    }

    private static bool IsTheHalf(ReceivedFrame frame) => frame.Type == "text_chunk" && frame.TextOf("content") == " answer";

    // A replica's telemetry and its sockets carry the end of its resource id as their instance.
    private static string IdOf(string instance) => $"chat-{instance}";

    private void KillReplica(string instance)
    {
        Assert.True(App.ResourceNotifications.TryGetCurrentState(IdOf(instance), out var state));
        using var process = Process.GetProcessById((int)state.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value!);
        process.Kill();
    }

    private async Task<(string? State, int? ExitCode)> EndOfAsync(string instance)
    {
        var end = await App.ResourceNotifications.WaitForResourceAsync(IdOf(instance), state => state.Snapshot.ExitCode is not null).WaitAsync(Eventually.Timeout);
        return (end.Snapshot.State?.Text, end.Snapshot.ExitCode);
    }

    private async Task<ChatSocket> ConnectAsync(string token, string sessionId)
    {
        var socket = await ChatSocket.ConnectAsync(new(App.GetEndpoint("chat", "http"), $"/ws/{sessionId}"), token);
        await socket.ReadUntilAsync("websocket_ready");
        return socket;
    }

    private async Task<ChatSocket> ConnectToAnotherAsync(string token, string sessionId, string instance)
    {
        ChatSocket? other = null;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var socket = await ConnectAsync(token, sessionId);
                if (socket.Instance != instance)
                {
                    other = socket;
                    return true;
                }

                await socket.CloseAsync();
                await socket.DisposeAsync();
                return false;
            },
            "the other replica takes a connection");
        return other!;
    }

    private async Task<IEnumerable<string>> InstancesAsync(string token, int connections)
    {
        var instances = new List<string>();
        for (var connection = 0; connection < connections; connection++)
        {
            await using var socket = await ConnectAsync(token, $"elsewhere-{connection}");
            instances.Add(socket.Instance!);
            await socket.CloseAsync();
        }

        return instances.Distinct();
    }
}
