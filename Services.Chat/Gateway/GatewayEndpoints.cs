using AiPlatform.Services.Chat.Gateway.ChatCompletions;
using AiPlatform.Services.Chat.Gateway.Errors;
using AiPlatform.Services.Chat.Gateway.ModelList;

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
            .AddEndpointFilter<GatewayErrorFilter>();

        // Clients are configured with and without the version in their base address.
        gateway.MapPost("/v1/chat/completions", ChatCompletionEndpoints.CompleteAsync).WithName("CreateChatCompletion");
        gateway.MapPost("/chat/completions", ChatCompletionEndpoints.CompleteAsync).WithName("CreateChatCompletionUnversioned");
        gateway.MapGet("/v1/models", ModelListEndpoints.List).WithName("ListModels");
        gateway.MapGet("/v1/models/{model}", ModelListEndpoints.Get).WithName("GetModel");
        return routes;
    }
}
