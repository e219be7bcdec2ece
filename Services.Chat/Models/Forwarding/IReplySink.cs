using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// Where the reply of a call goes: the caller's connection, and around it whoever looks on. Nothing may be sent before
/// <see cref="Start"/>; until then another endpoint can be asked.
/// </summary>
internal interface IReplySink
{
    bool HasStarted { get; }

    void Start(ReplyHead head);

    /// <summary>
    /// Sends a piece of the body on and returns when it is on its way. Of a stream it holds whole events only, and each call is what the
    /// provider sent at once: who records the calls can replay the stream as it was.
    /// </summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>Ends a stream that broke off with an event that says so.</summary>
    ValueTask WriteErrorAsync(DomainException failure, CancellationToken cancellationToken);

    /// <summary>Breaks the connection off: what was sent is not the whole reply and must not look like it.</summary>
    void Abort();
}

/// <summary>What stands before a reply's body.</summary>
/// <param name="Length">Of the body, when it is known.</param>
internal sealed record ReplyHead(int Status, string ContentType, long? Length = null)
{
    public const string EventStream = "text/event-stream; charset=utf-8";
    public const string Json = "application/json";

    /// <summary>The endpoint that answers; null for what no endpoint was asked for.</summary>
    public string? Endpoint { get; init; }

    public bool IsFromCache { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's own id of the request, for asking it about one.</summary>
    public string? UpstreamRequestId { get; init; }

    public bool IsStream => ContentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
