using System.Net;
using System.Net.Http.Headers;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>A request's JSON body out of a pooled buffer, which keeps its array while it is being sent.</summary>
internal sealed class PooledContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly PooledBuffer _buffer;
    private readonly ReadOnlyMemory<byte> _bytes;

    public PooledContent(PooledBuffer buffer)
    {
        _buffer = buffer;
        _bytes = buffer.Written;
        Headers.ContentType = Json;
        Headers.ContentLength = _bytes.Length;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _buffer.BeginRead();

        try
        {
            await stream.WriteAsync(_bytes, cancellationToken);
        }
        finally
        {
            _buffer.EndRead();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
