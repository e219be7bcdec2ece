using System.Globalization;
using System.Text;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Transport.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Transport.Http;

/// <summary>A run's frames as server-sent events: the same bytes as on a socket, the id is <c>epoch:seq</c>.</summary>
internal sealed class RunEventStream(RunReader reader, IOptions<TransportOptions> options, TimeProvider timeProvider)
{
    private static readonly byte[] Comment = ": still here\n\n"u8.ToArray();

    // 0197f1c2a0b37c4d9e8f7a6b5c4d3e2f:17
    public static (string? Epoch, long Seq)? ReadPlace(string? lastEventId)
    {
        if (string.IsNullOrEmpty(lastEventId))
        {
            return null;
        }

        var colon = lastEventId.LastIndexOf(':');
        return colon > 0 && long.TryParse(lastEventId.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? (lastEventId[..colon], seq)
            : (string.Empty, 0);
    }

    public async Task WriteAsync(HttpContext http, string sessionId, RunResume resume, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (resume.Snapshot is { } snapshot)
        {
            var frame = new RunSnapshotFrame(snapshot.RunId, snapshot.ThreadId, snapshot.Status, snapshot.Text, snapshot.ToolCalls, snapshot.Usage);
            var utf8 = FrameWriter.Write<ConnectionFrame>(
                frame, ConnectionJsonContext.Default.ConnectionFrame, FrameEnvelope.New(sessionId, timeProvider));
            await WriteEventAsync(http.Response, LoggedFrame.SnapshotType, null, utf8, cancellationToken);
        }

        if (resume.After is { } after)
        {
            await WriteFramesAsync(http.Response, resume.Run, after, cancellationToken);
        }
    }

    private async Task WriteFramesAsync(HttpResponse response, RunKey run, LogPlace after, CancellationToken cancellationToken)
    {
        // The reader is stopped and awaited whatever ends the writing: an enumerator cannot be disposed while it moves.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var frames = reader.ReadAsync(run, after, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = Task.FromResult(false);
        try
        {
            while (await WaitAsync(response, next = frames.MoveNextAsync().AsTask(), cancellationToken))
            {
                var frame = frames.Current;
                await WriteEventAsync(
                    response, frame.Type, string.Create(CultureInfo.InvariantCulture, $"{frame.Epoch}:{frame.Seq}"), frame.Utf8, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The reader went; the run goes on.
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for the next frame; a comment now and then keeps the connection from looking dead.</summary>
    private async Task<bool> WaitAsync(HttpResponse response, Task<bool> next, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ((Task)next).WaitAsync(options.Value.SseComment, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompleted)
            {
                return await next;
            }

            cancellationToken.ThrowIfCancellationRequested();
            await response.Body.WriteAsync(Comment, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }

    private static async Task WriteEventAsync(HttpResponse response, string type, string? id, ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        var head = id is null ? $"event: {type}\ndata: " : $"id: {id}\nevent: {type}\ndata: ";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(head), cancellationToken);
        await response.Body.WriteAsync(utf8, cancellationToken);
        await response.Body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
