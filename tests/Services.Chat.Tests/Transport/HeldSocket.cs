using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Transport;

/// <summary>A client's end that notes what is sent to it, and takes no frame of some types until it is told to.</summary>
internal sealed class HeldSocket(params IEnumerable<string> types) : WebSocket
{
    private readonly ConcurrentQueue<string> _frames = new();

    private readonly Dictionary<string, (TaskCompletionSource Reached, TaskCompletionSource Taken)> _held =
        types.ToDictionary(type => type, _ => (New(), New()));

    /// <summary>In the order in which they were taken.</summary>
    public IReadOnlyCollection<string> Frames => _frames;

    public override WebSocketState State => WebSocketState.Open;

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override string? SubProtocol => null;

    /// <summary>Ends when a frame of that type was sent.</summary>
    public Task ReachedAsync(string type) => _held[type].Reached.Task.WaitAsync(Eventually.Timeout);

    /// <summary>Takes frames of that type from now on.</summary>
    public void Take(string type) => _held[type].Taken.SetResult();

    public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        var frame = Encoding.UTF8.GetString(buffer);

        if (_held.TryGetValue(JsonElement.Parse(frame).GetProperty("type").GetString()!, out var held))
        {
            held.Reached.TrySetResult();
            await held.Taken.Task.WaitAsync(cancellationToken);
        }

        _frames.Enqueue(frame);
    }

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override void Abort()
    {
    }

    public override void Dispose()
    {
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
