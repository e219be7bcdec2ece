using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Gateway.Requests;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Keys.Limits;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway;

/// <summary>The way of every call through the gateway: read, let in, sent to an endpoint or to others, settled.</summary>
/// <param name="limits">Whose headers callers get; null where nothing is limited.</param>
internal sealed class GatewayCalls(
    ModelCatalogue catalogue, ModelCalls calls, ModelRouter router, Forwarder forwarder, ResponseAffinity affinity, ResponseCache cache, IOptions<ForwardingOptions> options,
    LimitObserver? limits = null)
{
    /// <param name="translate">Serves the call at an endpoint that does not speak the caller's wire.</param>
    public async Task ServeAsync(HttpContext context, ModelCallKind kind, Translation translate)
    {
        var cancellationToken = context.RequestAborted;
        using var body = await GatewayRequest.ReadBodyAsync(context.Request, options.Value.MaxBodyMegabytes, cancellationToken);
        var control = CacheControl.Of(body, context.Request.Headers.CacheControl);
        var group = catalogue.FindFor(context, body.Model);
        AskedAbilities.Ensure(group, kind, body);
        var start = GatewayRequest.ToStart(context, group, kind, body);

        if (limits is not null)
        {
            RateLimitHeaders.Announce(context, limits, start.Caller);
        }

        using var call = await calls.BeginAsync(start, cancellationToken);
        var reply = new HttpReply(context, kind);

        try
        {
            await (cache.Plan(call.Start, body, control) is { } plan
                ? ServeFromCacheAsync(plan, call, body, translate, reply, cancellationToken)
                : AskAsync(call, body, translate, reply, cancellationToken));

            if (call is { ResponseId: { } made, Endpoint: { } maker })
            {
                affinity.Remember(call.Start.Caller, made, maker.Id);
            }
        }
        catch (Exception exception)
        {
            call.Fail(exception, reply.HasStarted, cancellationToken);
            throw;
        }
    }

    private Task ServeFromCacheAsync(CachePlan plan, ModelCall call, RequestBody body, Translation translate, HttpReply reply, CancellationToken cancellationToken) =>
        cache.ServeAsync(plan, call, reply, (sink, token) => AskAsync(call, body, translate, sink, token), cancellationToken);

    private Task AskAsync(ModelCall call, RequestBody body, Translation translate, IReplySink sink, CancellationToken cancellationToken) =>
        call.Start.Kind == ModelCallKind.Responses && body.PreviousResponseId is { } previous && call.Start.Group.Endpoints.Any(static endpoint => endpoint.Speaks(ModelCallKind.Responses))
            ? AskMakerAsync(previous, call, body, translate, sink, cancellationToken)
            : AskAsync(may: null, call, body, translate, sink, cancellationToken);

    private async Task AskMakerAsync(string previous, ModelCall call, RequestBody body, Translation translate, IReplySink sink, CancellationToken cancellationToken) =>
        await AskAsync(await MayServeAsync(previous, call, cancellationToken), call, body, translate, sink, cancellationToken);

    private Task AskAsync(Func<ModelEndpoint, bool>? may, ModelCall call, RequestBody body, Translation translate, IReplySink sink, CancellationToken cancellationToken) => router.RunAsync(
        call,
        may,
        (attempt, token) => attempt.Endpoint.Speaks(call.Start.Kind) ? forwarder.ForwardAsync(call, attempt, body, sink, token) : translate(call, attempt, body, sink, token),
        cancellationToken);

    // A response lives where it was made: at one endpoint that speaks this wire, or with us when it was translated.
    private async ValueTask<Func<ModelEndpoint, bool>> MayServeAsync(string previous, ModelCall call, CancellationToken cancellationToken)
    {
        var endpoints = call.Start.Group.Endpoints;

        if (await affinity.FindAsync(call.Start.Caller, previous, cancellationToken) is { } maker && endpoints.Any(endpoint => endpoint.Id == maker))
        {
            return endpoint => endpoint.Id == maker;
        }

        const string gone = "The endpoint that made the previous response is not known any more. Send the conversation again without previous_response_id.";
        return endpoints.Any(endpoint => !endpoint.Speaks(ModelCallKind.Responses))
            ? static endpoint => !endpoint.Speaks(ModelCallKind.Responses)
            : throw new DomainException(DomainErrorKind.Conflict, "previous_response_unavailable", gone) { Errors = [new("previous_response_id", gone)] };
    }
}

/// <summary>Serves one attempt of a call by an endpoint's own client, and writes the reply on the caller's wire.</summary>
internal delegate Task Translation(ModelCall call, Attempt attempt, RequestBody body, IReplySink sink, CancellationToken cancellationToken);
