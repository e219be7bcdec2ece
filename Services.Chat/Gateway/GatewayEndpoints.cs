using AiPlatform.Services.Chat.Gateway.Caching;
using AiPlatform.Services.Chat.Gateway.ChatCompletions;
using AiPlatform.Services.Chat.Gateway.Errors;
using AiPlatform.Services.Chat.Gateway.ModelList;
using AiPlatform.Services.Chat.Gateway.Responses;
using AiPlatform.Services.Chat.Gateway.Stats;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Keys.Authentication;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Routing;

namespace AiPlatform.Services.Chat.Gateway;

/// <summary>The OpenAI-compatible wire over <see cref="Models"/>: a second, stateless transport for everybody who speaks it.</summary>
internal static class GatewayEndpoints
{
    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").WithTags("Gateway").RequireAuthorization().WithMetadata(new GatewayEndpoint());
        var gateway = all.MapGroup("").DisableValidation().AddEndpointFilter<GatewayErrorFilter>();

        // Clients are configured with and without the version in their base address.
        foreach (var version in (string[])["/v1", ""])
        {
            all.MapModel($"{version}/chat/completions", ModelCallKind.Chat, KeyScopes.Chat, static services => services.GetRequiredService<CompletionTranslation>().ServeAsync);
            all.MapModel($"{version}/responses", ModelCallKind.Responses, KeyScopes.Responses, static services => services.GetRequiredService<ResponseTranslation>().ServeAsync);
            all.MapModel($"{version}/embeddings", ModelCallKind.Embeddings, KeyScopes.Embeddings, static _ => NotTranslated);
            gateway.MapGet($"{version}/responses/{{id}}", ResponseEndpoints.GetAsync).TakeVirtualKeys(KeyScopes.Responses);
            gateway.MapDelete($"{version}/responses/{{id}}", ResponseEndpoints.DeleteAsync).TakeVirtualKeys(KeyScopes.Responses);
            gateway.MapPost($"{version}/responses/{{id}}/cancel", ResponseEndpoints.CancelAsync).TakeVirtualKeys(KeyScopes.Responses);
            gateway.MapGet($"{version}/models", ModelListEndpoints.List).TakeVirtualKeys(KeyScopes.Models);
            gateway.MapGet($"{version}/models/{{**model}}", ModelListEndpoints.Get).TakeVirtualKeys(KeyScopes.Models);
        }

        gateway.MapGet("/stats", StatsEndpoints.Read);
        gateway.MapDelete("/cache", CacheEndpoints.ClearAsync);
        return routes;
    }

    // Endpoints that do not make any are not asked for some.
    private static Task NotTranslated(ModelCall call, Attempt attempt, RequestBody body, IReplySink sink, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"Endpoint {attempt.Endpoint.Name} makes no embeddings and was asked for some.");
}
