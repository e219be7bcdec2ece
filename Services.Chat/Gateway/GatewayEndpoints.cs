using AiPlatform.Services.Chat.Gateway.Caching;
using AiPlatform.Services.Chat.Gateway.ChatCompletions;
using AiPlatform.Services.Chat.Gateway.Embeddings;
using AiPlatform.Services.Chat.Gateway.Errors;
using AiPlatform.Services.Chat.Gateway.ModelList;
using AiPlatform.Services.Chat.Gateway.Responses;
using AiPlatform.Services.Chat.Gateway.Stats;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Keys.Authentication;

namespace AiPlatform.Services.Chat.Gateway;

/// <summary>The OpenAI-compatible wire over <see cref="Models"/>: a second, stateless transport for everybody who speaks it.</summary>
internal static class GatewayEndpoints
{
    public static IEndpointRouteBuilder MapGateway(this IEndpointRouteBuilder routes)
    {
        var gateway = routes.MapGroup("")
            .WithTags("Gateway")
            .RequireAuthorization()
            .WithMetadata(new GatewayEndpoint())
            .DisableValidation()
            .AddEndpointFilter<GatewayErrorFilter>();

        // Clients are configured with and without the version in their base address.
        foreach (var version in (string[])["/v1", ""])
        {
            gateway.MapPost($"{version}/chat/completions", ChatCompletionEndpoints.CompleteAsync).TakeVirtualKeys(KeyScopes.Chat);
            gateway.MapPost($"{version}/responses", ResponseEndpoints.CreateAsync).TakeVirtualKeys(KeyScopes.Responses);
            gateway.MapGet($"{version}/responses/{{id}}", ResponseEndpoints.GetAsync).TakeVirtualKeys(KeyScopes.Responses);
            gateway.MapDelete($"{version}/responses/{{id}}", ResponseEndpoints.DeleteAsync).TakeVirtualKeys(KeyScopes.Responses);
            gateway.MapPost($"{version}/responses/{{id}}/cancel", ResponseEndpoints.CancelAsync).TakeVirtualKeys(KeyScopes.Responses);
            gateway.MapPost($"{version}/embeddings", EmbeddingEndpoints.EmbedAsync).TakeVirtualKeys(KeyScopes.Embeddings);
            gateway.MapGet($"{version}/models", ModelListEndpoints.List).TakeVirtualKeys(KeyScopes.Models);
            gateway.MapGet($"{version}/models/{{**model}}", ModelListEndpoints.Get).TakeVirtualKeys(KeyScopes.Models);
        }

        gateway.MapGet("/stats", StatsEndpoints.Read);
        gateway.MapDelete("/cache", CacheEndpoints.ClearAsync);
        return routes;
    }
}
