using System.Runtime.ExceptionServices;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>Has a call answered by its endpoints.</summary>
internal delegate Task Asking(IReplySink sink, CancellationToken cancellationToken);

/// <summary>
/// Answers a call with the reply that an identical one got: kept in memory or in Redis, or still on its way. Otherwise it is asked for, shared with whoever
/// wants the same meanwhile, and kept when it is whole. Without Redis every call is a miss and nothing else.
/// </summary>
internal sealed partial class ResponseCache(
    KnownPlans plans, CacheMemory memory, RedisCacheStore store, CacheClearing clearing, Flights flights, CacheWriter writer, IOptions<CacheOptions> options, TimeProvider timeProvider,
    ILogger<ResponseCache> logger)
{
    private readonly TimeSpan _wait = TimeSpan.FromSeconds(options.Value.WaitSeconds);
    private readonly TimeSpan _readLimit = TimeSpan.FromMilliseconds(options.Value.ReadMilliseconds);

    // When Redis did not answer in time it is left alone for a moment: not every call should find that out anew.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private long _restsSince;
    private volatile bool _rests;

    /// <returns>Null when the cache has no part in the call.</returns>
    public CachePlan? Plan(ModelCallStart start, RequestBody body, CacheControl control) => options.Value.Enabled ? plans.Of(start, body, control) : null;

    public async Task ServeAsync(CachePlan plan, ModelCall call, IReplySink sink, Asking ask, CancellationToken cancellationToken)
    {
        if (!plan.Reads)
        {
            await AskAloneAsync(plan, call, sink, ask, cancellationToken);
            return;
        }

        if (clearing.Hears && memory.Find(plan.Address) is { } here)
        {
            await AnswerAsync(call, here, "memory", sink, cancellationToken);
            return;
        }

        if (!plan.Stores)
        {
            await AskAloneAsync(plan, call, sink, ask, cancellationToken);
            return;
        }

        var (flight, leads) = flights.JoinOrLead(plan);

        if (leads)
        {
            await LeadAsync(plan, flight, call, sink, ask, cancellationToken);
        }
        else if (!await FollowAsync(flight, call, sink, cancellationToken))
        {
            await AskAloneAsync(plan with { Reads = false }, call, sink, ask, cancellationToken);
        }
    }

    private async Task LeadAsync(CachePlan plan, Flight flight, ModelCall call, IReplySink sink, Asking ask, CancellationToken cancellationToken)
    {
        var isKept = false;
        using var left = cancellationToken.Register(flight.LeaderLeft);

        try
        {
            var (finding, clearings) = await FindAsync(plan, flight.Stopping);
            var recorded = new RecordingReply(sink, flight.Recording);

            if (finding?.Reply is { } kept)
            {
                memory.Add(plan.Address, kept, finding.Left, clearings);
                await AnswerAsync(call, kept, "redis", recorded, flight.Stopping);
                flight.Recording.End(RecordingState.Whole);
                return;
            }

            CacheTelemetry.Miss(call.Start);
            await ask(recorded, flight.Stopping);
            flight.Recording.End(call.Outcome == ModelCallOutcome.Complete ? RecordingState.Whole : RecordingState.Broken);
            isKept = finding is not null && TryKeep(plan, call, flight.Recording, finding.Now, clearings, flight);
        }
        catch (Exception exception)
        {
            // That this caller has no money left says nothing of the others.
            flight.Recording.End(RecordingState.Broken, call.Outcome == ModelCallOutcome.Refused ? null : exception);
            throw;
        }
        finally
        {
            flight.End(isKept);

            if (!isKept)
            {
                flights.Remove(plan.Address, flight);
            }
        }
    }

    /// <returns>False when nothing was answered and the call is to be asked for by itself.</returns>
    private async Task<bool> FollowAsync(Flight flight, ModelCall call, IReplySink sink, CancellationToken cancellationToken)
    {
        try
        {
            for (var (next, part) = (0, flight.Recording.Read(0)); ; part = flight.Recording.Read(next))
            {
                if (part.Head is { } head && !sink.HasStarted)
                {
                    CacheTelemetry.Hit(call.Start, "shared");
                    call.NoteFirstToken();
                    sink.Start(head with { IsFromCache = true, Endpoint = null, UpstreamRequestId = null });
                }

                // What has come to its end has no silence to fill, as when it is joined just before it is in the cache.
                var isOver = part.State != RecordingState.Open;
                foreach (var piece in part.Pieces)
                {
                    if (!isOver || !IsComment(piece))
                    {
                        await sink.WriteAsync(piece, cancellationToken);
                    }
                }

                next += part.Pieces.Count;

                switch (part.State)
                {
                    case RecordingState.Whole:
                        call.End(ModelCallOutcome.Cached);
                        return true;
                    case RecordingState.Broken:
                        return await BreakOffAsync(part, call, sink, cancellationToken);
                    default:
                        if (!await HasChangedAsync(part.Changed, sink.HasStarted, cancellationToken))
                        {
                            return false;
                        }

                        break;
                }
            }
        }
        finally
        {
            flight.Leave();
        }
    }

    // Once it has begun, its call's own limits see to it that it goes on or ends.
    private async ValueTask<bool> HasChangedAsync(Task changed, bool hasStarted, CancellationToken cancellationToken)
    {
        if (hasStarted)
        {
            await changed.WaitAsync(cancellationToken);
            return true;
        }

        await changed.WaitAsync(_wait, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return changed.IsCompleted;
    }

    private static async ValueTask<bool> BreakOffAsync(RecordedPart part, ModelCall call, IReplySink sink, CancellationToken cancellationToken)
    {
        if (!sink.HasStarted)
        {
            // An endpoint's answer is one for all who asked the same at the same time; whatever else went wrong there was not about this call.
            if (part.Failure is DomainException or RefusedException)
            {
                ExceptionDispatchInfo.Throw(part.Failure);
            }

            return false;
        }

        var failure = part.Failure as DomainException ?? ProviderErrors.BrokenStream(part.Failure);
        call.End(ModelCallOutcome.Partial, failure.Code);

        if (part.Head!.IsStream)
        {
            await sink.WriteErrorAsync(failure, cancellationToken);
        }
        else
        {
            sink.Abort();
        }

        return true;
    }

    private async Task AskAloneAsync(CachePlan plan, ModelCall call, IReplySink sink, Asking ask, CancellationToken cancellationToken)
    {
        var (finding, clearings) = await FindAsync(plan, cancellationToken);

        if (plan.Reads && finding?.Reply is { } kept)
        {
            await AnswerAsync(call, kept, "redis", sink, cancellationToken);
            return;
        }

        CacheTelemetry.Miss(call.Start);

        if (finding is null || !plan.Stores)
        {
            await ask(sink, cancellationToken);
            return;
        }

        var recording = new ReplyRecording(options.Value.MaxBytes);
        await ask(new RecordingReply(sink, recording), cancellationToken);
        recording.End(RecordingState.Whole);
        TryKeep(plan, call, recording, finding.Now, clearings, flight: null);
    }

    private bool TryKeep(CachePlan plan, ModelCall call, ReplyRecording recording, long begun, long clearings, Flight? flight)
    {
        if (call.Outcome != ModelCallOutcome.Complete || recording.Head is not { Status: StatusCodes.Status200OK } head || recording.Length > options.Value.MaxBytes)
        {
            return false;
        }

        // What filled a silence then would only be in the way now.
        var pieces = recording.Read(0).Pieces.FindAll(static piece => !IsComment(piece));
        var reply = CachedReply.Of(plan.Origin, head.ContentType, pieces);
        return KeepableReply.Is(call.Start.Kind, reply) && writer.TryWrite(new(plan, reply, begun, clearings, flight));
    }

    private static bool IsComment(ReadOnlyMemory<byte> piece) => piece.Span.SequenceEqual(KeepAlive.Comment);

    private static async Task AnswerAsync(ModelCall call, CachedReply reply, string source, IReplySink sink, CancellationToken cancellationToken)
    {
        CacheTelemetry.Hit(call.Start, source);
        call.NoteFirstToken();
        await reply.PlayAsync(sink, cancellationToken);
        call.End(ModelCallOutcome.Cached);
    }

    /// <returns>No finding when Redis cannot say; and the memory's count of clearings from before it was asked.</returns>
    private async ValueTask<(CacheFinding? Finding, long Clearings)> FindAsync(CachePlan plan, CancellationToken cancellationToken)
    {
        var clearings = memory.Clearings;

        if (!clearing.Hears || (_rests && timeProvider.GetElapsedTime(Interlocked.Read(ref _restsSince)) < Rest))
        {
            return (null, clearings);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_readLimit);

        try
        {
            var finding = await store.FindAsync(plan.Address, limit.Token);
            _rests = false;
            return (finding, clearings);
        }
        catch (RedisUnavailableException exception)
        {
            LogMissed(exception.Reason);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _restsSince, timeProvider.GetTimestamp());
            _rests = true;
            LogMissed("no answer in time");
        }

        return (null, clearings);
    }

    [LoggerMessage(LogLevel.Warning, "The cache could not be asked: {Reason}. Calls go to their endpoints.")]
    private partial void LogMissed(string reason);
}
