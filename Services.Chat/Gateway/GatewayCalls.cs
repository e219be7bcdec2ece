using AiPlatform.Services.Chat.Gateway.Replies;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway;

/// <summary>The way of every call through the gateway: read, let in, sent to an endpoint or to others, settled.</summary>
internal sealed class GatewayCalls(ModelCatalogue catalogue, ModelCalls calls, ModelRouter router, Forwarder forwarder, IOptions<ForwardingOptions> options)
{
    /// <param name="translate">Serves the call at an endpoint that does not speak the caller's wire.</param>
    public async Task ServeAsync(HttpContext context, ModelCallKind kind, Translation translate)
    {
        var cancellationToken = context.RequestAborted;
        using var body = await GatewayRequest.ReadBodyAsync(context.Request, options.Value.MaxBodyMegabytes, cancellationToken);
        var group = catalogue.Find(body.Model);
        using var call = await calls.BeginAsync(GatewayRequest.ToStart(context, group, kind, body), cancellationToken);
        var sink = new HttpReply(context);

        try
        {
            await router.RunAsync(
                call,
                endpointId: null,
                (attempt, token) => attempt.Endpoint.Speaks(kind) ? forwarder.ForwardAsync(call, attempt, body, sink, token) : translate(call, attempt, body, sink, token),
                cancellationToken);
        }
        catch (Exception exception)
        {
            call.Fail(exception, sink.HasStarted, cancellationToken);
            throw;
        }
    }
}

/// <summary>Serves one attempt of a call by an endpoint's own client, and writes the reply on the caller's wire.</summary>
internal delegate Task Translation(ModelCall call, Attempt attempt, RequestBody body, IReplySink sink, CancellationToken cancellationToken);
