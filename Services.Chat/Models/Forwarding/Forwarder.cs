using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// Sends a request to an endpoint that speaks the caller's own wire, and its reply back: bytes through, whole or as a stream. Of a reply
/// nothing is passed on before it is known to be one; until then a failure is thrown, and another endpoint can be asked.
/// </summary>
internal sealed class Forwarder(ModelConnections connections, IOptions<ForwardingOptions> options, TimeProvider timeProvider)
{
    private const int ReadSize = 16 * 1024;

    // A reply up to this size is looked at before it is passed on, one that is longer as it passes.
    private const int HeadSize = 64 * 1024;

    private readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);

    /// <exception cref="DomainException">provider.*: the endpoint did not answer, and nothing is with the caller.</exception>
    /// <exception cref="RefusedException">It did, with words about the request, which the caller gets when no other endpoint is left.</exception>
    public async Task ForwardAsync(ModelCall call, Attempt attempt, RequestBody body, IReplySink sink, CancellationToken cancellationToken)
    {
        using var limits = new CallLimits(attempt.Endpoint.Timeouts, timeProvider, cancellationToken);

        try
        {
            var addsUsage = body.Streams && call.Start.Kind == ModelCallKind.Chat && !body.AsksForUsage && attempt.Endpoint.Vendor.TakesStreamOptions;
            using var buffer = new PooledBuffer(body.Bytes.Length + 256);
            RequestRewriter.Write(body, attempt.Endpoint, addsUsage, buffer);
            var request = RequestTo(attempt.Endpoint, call.Start.Kind, buffer);
            using var reply = new UpstreamReply(await connections.For(attempt.Endpoint).SendAsync(request, limits.Token), timeProvider);

            if (!reply.IsSuccess)
            {
                await RefuseAsync(reply, limits.Token);
            }

            if (body.Streams)
            {
                await new StreamForwarding(call, attempt, sink, limits, _keepAlive, timeProvider, withholdsUsage: addsUsage).RunAsync(reply, cancellationToken);
            }
            else
            {
                await ForwardWholeAsync(call, attempt, reply, sink, limits, cancellationToken);
            }
        }
        catch (Exception exception) when (ProviderErrors.Translate(exception, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private static HttpRequestMessage RequestTo(ModelEndpoint endpoint, ModelCallKind kind, PooledBuffer buffer)
    {
        var address = EndpointAddress.Of(endpoint);
        var request = new HttpRequestMessage(HttpMethod.Post, address.For(kind)) { Content = new PooledContent(buffer), Version = HttpVersion.Version11 };
        address.Authorize(request);
        return request;
    }

    private static async Task RefuseAsync(UpstreamReply reply, CancellationToken cancellationToken)
    {
        var refusal = await reply.ReadRefusalAsync(cancellationToken);
        throw reply.IsForCaller && refusal.IsEnvelope ? new RefusedException(refusal) : refusal.ToFailure();
    }

    private static async Task ForwardWholeAsync(
        ModelCall call, Attempt attempt, UpstreamReply reply, IReplySink sink, CallLimits limits, CancellationToken caller)
    {
        if (!reply.IsJson)
        {
            throw ProviderErrors.Unreadable();
        }

        using var buffer = new PooledBuffer(ReadSize);
        var isAll = await ReadHeadAsync(reply, buffer, limits);
        var scanner = new ReplyScanner();
        scanner.Look(buffer.Written.Span);

        if (isAll && !IsObject(buffer.Written.Span))
        {
            throw ProviderErrors.Unreadable();
        }

        attempt.Answered();
        call.NoteFirstToken();
        call.ResponseId = call.Start.Kind == ModelCallKind.Responses ? IdOf(buffer.Written.Span) : null;
        sink.Start(new(reply.Status, ReplyHead.Json, isAll ? buffer.Length : reply.Length) { Endpoint = attempt.Endpoint.Name, UpstreamRequestId = reply.RequestId });

        try
        {
            await sink.WriteAsync(buffer.Written, caller);

            while (!isAll)
            {
                buffer.Consume(buffer.Length);
                var count = await reply.Body.ReadAsync(buffer.GetMemory(ReadSize), limits.Token);

                if (count == 0)
                {
                    break;
                }

                limits.Arrived();
                buffer.Advance(count);
                scanner.Look(buffer.Written.Span);
                await sink.WriteAsync(buffer.Written, caller);
            }

            if (!scanner.IsWhole)
            {
                throw ProviderErrors.BrokenStream(null);
            }

            call.End(ModelCallOutcome.Complete);
        }
        catch (Exception exception) when (!caller.IsCancellationRequested)
        {
            // The head is out. The connection is broken off as the reply was: what is cut short must not look whole.
            var failure = exception as DomainException ?? ProviderErrors.BrokenStream(exception);
            call.Fail(failure, hasReplied: true, caller);
            attempt.Failed(failure);
            sink.Abort();
        }
        finally
        {
            call.Usage = scanner.UsageSoFar(call.Start);
        }
    }

    /// <returns>Whether that was all of it.</returns>
    private static async Task<bool> ReadHeadAsync(UpstreamReply reply, PooledBuffer buffer, CallLimits limits)
    {
        while (buffer.Length < HeadSize)
        {
            var count = await reply.Body.ReadAsync(buffer.GetMemory(ReadSize), limits.Token);

            if (count == 0)
            {
                return true;
            }

            buffer.Advance(count);

            if (buffer.Length == reply.Length)
            {
                return true;
            }

            limits.Arrived();
        }

        return false;
    }

    // {"id":"resp_1",...: among the first members, so that the head has it also of a reply that is longer.
    private static string? IdOf(ReadOnlySpan<byte> head)
    {
        var reader = new Utf8JsonReader(head, isFinalBlock: false, default);

        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("id"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A long reply that is not valid is found to be broken as it passes; an id that is no Unicode is none.
        }

        return null;
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;

            while (reader.Read())
            {
            }

            return isObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
