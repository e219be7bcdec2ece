using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Tests.Keys;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Isolation;

/// <summary>A practitioner of practice A at the chat: a run that has ended, one that waits, a thread, a session with a screen.</summary>
public sealed class ConversationOfA : IAsyncLifetime
{
    public const string Secret = "alpha-secret";
    public const string SessionId = "session-of-a";

    private readonly TaskCompletionSource _go = new();
    private readonly ConcurrentQueue<(Guid UserId, string Seen)> _seen = new();
    private ChatHost? _host;
    private ChatHost? _other;
    private ChatSocket? _socket;

    internal ChatHost Host => _host!;

    /// <summary>The replica that executes the runs, and one that knows of them by Redis and MySQL only.</summary>
    internal IEnumerable<ChatHost> Replicas => [_host!, _other!];

    internal ChatSocket Socket => _socket!;

    public TestToken User { get; } = new() { Role = UserRole.Practitioner, ProfileId = Guid.CreateVersion7(), CustomerId = "customer-a" };

    public Guid EndedRun { get; private set; }

    public Guid WaitingRun { get; private set; }

    /// <summary>Of the run that has ended.</summary>
    public string Epoch { get; private set; } = "";

    public string WaitingEpoch { get; private set; } = "";

    public string ThreadId { get; private set; } = "";

    public string MessageId { get; private set; } = "";

    /// <summary>Of a response that the gateway keeps for A's user: resp_ and 32 digits.</summary>
    public string ResponseId { get; private set; } = "";

    /// <summary>A virtual key of a practice that nobody here is of.</summary>
    public Guid KeyOfAnother { get; private set; }

    /// <summary>What agents were shown, by whom they worked for: history and message.</summary>
    public IEnumerable<string> SeenBy(Guid userId) => _seen.Where(entry => entry.UserId == userId).Select(entry => entry.Seen);

    public async Task InitializeAsync()
    {
        _host = await ChatHost.StartAsync(AnswerAsync);
        _other = _host.StartReplica();
        _socket = await _host.ConnectAsync(User, $"/ws/{SessionId}");
        await _socket.SendAsync(new { type = "ui_state_update", changeType = "currentClient", payload = new { clientId = "c1", clientName = Secret } });
        await _socket.ReadUntilAsync("ui_state_ack");
        var run = await _socket.AskAsync($"{Secret} first");
        (EndedRun, Epoch, ThreadId) = (Guid.Parse(run[0].RunId!), run[0].Epoch!, run[0].TextOf("thread_id")!);
        using var client = _host.CreateClient(User);
        var messages = await client.GetFromJsonAsync<JsonElement>($"/api/v1/threads/{ThreadId}/messages");
        MessageId = messages.GetProperty("data").GetProperty("items")[0].GetProperty("id").GetString()!;
        using var kept = await client.PostAsJsonAsync("/v1/responses", new { model = "local", input = $"{Secret} kept" });
        ResponseId = (await kept.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var another = _host.CreateClient(new TestToken { Role = UserRole.Owner });
        using var issued = await KeyHost.SendAsync(another, HttpMethod.Post, "/api/v1/keys", new { name = Secret });
        KeyOfAnother = (await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetProperty("id").GetGuid();
        await _socket.SendAsync(new { type = "chat_message", message = $"{Secret} wait" });
        var begun = (await _socket.ReadUntilAsync("text_chunk"))[^1];
        (WaitingRun, WaitingEpoch) = (Guid.Parse(begun.RunId!), begun.Epoch!);
    }

    /// <summary>Lets the waiting run go on.</summary>
    /// <returns>All of its frames.</returns>
    internal async Task<IReadOnlyList<ReceivedFrame>> FinishAsync()
    {
        _go.TrySetResult();
        if (!Socket.Frames.Any(frame => frame.Type == "agent_completed" && frame.RunId == $"{WaitingRun}"))
        {
            await Socket.ReadUntilAsync(frame => frame.Type == "agent_completed" && frame.RunId == $"{WaitingRun}");
        }

        return Socket.Frames.OfRun($"{WaitingRun}");
    }

    public async Task DisposeAsync()
    {
        await Socket.DisposeAsync();
        foreach (var replica in Replicas)
        {
            await replica.DisposeAsync();
        }
    }

    private Task<AgentOutcome> AnswerAsync(AgentRun run, IRunOutput output, IRunToken token, CancellationToken cancellationToken)
    {
        _seen.Enqueue((run.User.UserId, string.Join('\n', run.History.Select(message => message.Text).Append(run.Message))));
        return run.Message.EndsWith("wait", StringComparison.Ordinal)
            ? Scripts.Waiting(_go.Task)(run, output, token, cancellationToken)
            : Scripts.Echo(run, output, token, cancellationToken);
    }
}
