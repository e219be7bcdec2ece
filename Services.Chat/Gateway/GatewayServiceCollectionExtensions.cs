using AiPlatform.Services.Chat.Gateway.ChatCompletions;
using AiPlatform.Services.Chat.Gateway.Errors;
using AiPlatform.Services.Chat.Gateway.Responses;
using Microsoft.AspNetCore.Authorization;

namespace AiPlatform.Services.Chat.Gateway;

internal static class GatewayServiceCollectionExtensions
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, GatewayAuthorization>();
        services.AddSingleton<GatewayFailures>();
        services.AddSingleton<GatewayCalls>();
        services.AddSingleton<CompletionTranslation>();
        services.AddResponses();

        // Before the others: the first that can write does.
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, GatewayProblemWriter>());
        return services;
    }
}
