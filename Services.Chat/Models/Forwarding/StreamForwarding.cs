using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Routing;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// One stream on its way through. Whole events are passed on as they arrive, byte for byte; half of one is held until the rest is
/// there, so that the stream can be ended well wherever it breaks off. Nothing is sent before the first event was seen to be one.
/// </summary>
internal sealed class StreamForwarding(
    ModelCall call, Attempt attempt, IReplySink sink, CallLimits limits, TimeSpan keepAlive, TimeProvider timeProvider, bool withholdsUsage)
{
    private const int ReadSize = 8 * 1024;

    // An image in one event can be large; what never ends is no event.
    private const int MaxEvent = 16 * 1024 * 1024;

    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    private readonly StreamInspector _inspector = new();
    private UpstreamReply? _reply;

    public async Task RunAsync(UpstreamReply reply, CancellationToken caller)
    {
        _reply = reply;

        if (!reply.IsEventStream)
        {
            throw ProviderErrors.Unreadable();
        }

        using var buffer = new PooledBuffer(ReadSize);

        try
        {
            while (await ReadAsync(buffer, caller) is var count and > 0)
            {
                limits.Arrived();
                buffer.Advance(count);
                await PassOnAsync(buffer, caller);

                if (_inspector.IsDone)
                {
                    break;
                }
            }

            await EndAsync(caller);
        }
        catch (Exception exception) when (sink.HasStarted && !caller.IsCancellationRequested)
        {
            await BreakOffAsync(exception, caller);
        }
        finally
        {
            if (sink.HasStarted)
            {
                call.Usage = _inspector.UsageSoFar(call.Start.InputEstimate);
                call.ResponseId = _inspector.ResponseId;
            }
        }
    }

    // While nothing comes, comments go out: from the moment the endpoint has answered with a stream, silence is thinking.
    private async ValueTask<int> ReadAsync(PooledBuffer buffer, CancellationToken caller)
    {
        var read = _reply!.Body.ReadAsync(buffer.GetMemory(ReadSize), limits.Token);

        if (read.IsCompleted)
        {
            return await read;
        }

        var reading = read.AsTask();

        try
        {
            return await KeepAlive.WhileWaitingAsync(reading, keepAlive, timeProvider, SendCommentAsync);
        }
        catch
        {
            // The read still has the buffer; it must be over before the buffer is somebody else's.
            limits.End();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        ValueTask SendCommentAsync()
        {
            Start();
            return sink.WriteAsync(KeepAlive.Comment, caller);
        }
    }

    private async ValueTask PassOnAsync(PooledBuffer buffer, CancellationToken caller)
    {
        var (from, taken) = (0, 0);
        var bytes = buffer.Written;

        while (!_inspector.IsDone && EventSplitter.EndOfEvent(bytes.Span[taken..]) is var length and > 0)
        {
            var sent = bytes.Slice(taken, length);

            switch (_inspector.Look(sent.Span))
            {
                case StreamEvent.Error:
                    await FlushAsync(bytes[from..taken], caller);
                    throw ProviderErrors.Of(500, _inspector.ErrorCode);
                case StreamEvent.Unreadable:
                    await FlushAsync(bytes[from..taken], caller);
                    throw ProviderErrors.Unreadable();
                case StreamEvent.Usage when withholdsUsage:
                    await FlushAsync(bytes[from..taken], caller);
                    from = taken + length;
                    break;
            }

            taken += length;
        }

        await FlushAsync(bytes[from..taken], caller);
        buffer.Consume(taken);

        if (buffer.Length > MaxEvent)
        {
            throw ProviderErrors.Unreadable();
        }
    }

    private async ValueTask FlushAsync(ReadOnlyMemory<byte> events, CancellationToken caller)
    {
        if (events.IsEmpty)
        {
            return;
        }

        Start();
        call.NoteFirstToken();
        await sink.WriteAsync(events, caller);
    }

    private async ValueTask EndAsync(CancellationToken caller)
    {
        // Some servers close where others say [DONE]; clients wait for the word.
        if (!_inspector.IsDone && _inspector.HasFinished && call.Start.Kind == ModelCallKind.Chat)
        {
            await FlushAsync(Done, caller);
        }
        else if (!_inspector.IsDone)
        {
            throw ProviderErrors.BrokenStream(null);
        }

        call.End(ModelCallOutcome.Complete);
    }

    private async ValueTask BreakOffAsync(Exception exception, CancellationToken caller)
    {
        var failure = exception switch
        {
            DomainException told => told,
            OperationCanceledException => ProviderErrors.TimedOut(exception),
            _ => ProviderErrors.BrokenStream(exception),
        };
        call.Fail(failure, hasReplied: true, caller);
        attempt.Failed(failure);

        // The status is sent: the stream itself says that it broke, and does not say it is done.
        await sink.WriteErrorAsync(failure, caller);
    }

    private void Start()
    {
        if (!sink.HasStarted)
        {
            attempt.Answered();
            sink.Start(new(_reply!.Status, ReplyHead.EventStream) { Endpoint = attempt.Endpoint.Name, UpstreamRequestId = _reply.RequestId });
        }
    }
}
