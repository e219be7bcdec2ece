using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Gateway.Replies;

/// <summary>The caller's own connection.</summary>
/// <param name="kind">Whose wire it speaks.</param>
internal sealed class HttpReply(HttpContext context, ModelCallKind kind) : IReplySink
{
    private readonly HttpResponse _response = context.Response;
    private bool _isNumbered;
    private long _sequenceNumber = -1;

    public bool HasStarted { get; private set; }

    public void Start(ReplyHead head)
    {
        HasStarted = true;
        _isNumbered = kind == ModelCallKind.Responses && head.IsStream;
        _response.StatusCode = head.Status;
        _response.ContentType = head.ContentType;
        _response.ContentLength = head.Length;
        _response.Headers[GatewayHeaders.CacheHit] = head.IsFromCache ? "true" : "false";

        if (head.Endpoint is not null)
        {
            _response.Headers.SetName(GatewayHeaders.Endpoint, head.Endpoint);
        }

        _response.Headers.SetId(GatewayHeaders.UpstreamRequestId, head.UpstreamRequestId);

        _response.SetRetryAfter(head.RetryAfter);

        if (head.IsStream)
        {
            _response.Headers.CacheControl = "no-cache";

            // Otherwise an nginx in front collects a stream until it is worth its while.
            _response.Headers["X-Accel-Buffering"] = "no";
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_isNumbered)
        {
            _sequenceNumber = ResponseErrorEvent.LastNumber(piece.Span) ?? _sequenceNumber;
        }

        // A caller who is gone makes this a flush that says so, or nothing; either way the rest is for nobody.
        await _response.BodyWriter.WriteAsync(piece, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public ValueTask WriteErrorAsync(DomainException failure, CancellationToken cancellationToken)
    {
        var error = GatewayError.Of(failure);
        return WriteAsync(_isNumbered ? ResponseErrorEvent.ToBytes(error, _sequenceNumber + 1) : ToBytes(error), cancellationToken);
    }

    public void Abort() => context.Abort();

    private static byte[] ToBytes(GatewayError error) =>
        [.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(new(error), GatewayErrorJsonContext.Default.GatewayErrorResponse), .. "\n\n"u8];
}
