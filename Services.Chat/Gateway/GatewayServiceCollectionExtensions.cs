using AiPlatform.Services.Chat.Gateway.Errors;
using Microsoft.AspNetCore.Authorization;

namespace AiPlatform.Services.Chat.Gateway;

internal static class GatewayServiceCollectionExtensions
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, GatewayAuthorization>();
        return services;
    }
}
