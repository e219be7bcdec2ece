using AiPlatform.Services.Chat.Gateway.Replies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>Refuses strangers on gateway routes in OpenAI's envelope; every other route keeps its problem details.</summary>
internal sealed class GatewayAuthorization(TimeProvider timeProvider) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _others = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded || context.GetEndpoint()?.Metadata.GetMetadata<GatewayEndpoint>() is null)
        {
            return _others.HandleAsync(next, context, policy, authorizeResult);
        }

        ReplyHeaders.Announce(context, timeProvider);

        if (authorizeResult.Forbidden)
        {
            return GatewayFailures.Envelope(
                StatusCodes.Status403Forbidden, new("The access token does not allow this.", "permission_error", null, "auth.forbidden")).ExecuteAsync(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return GatewayFailures.Envelope(
            StatusCodes.Status401Unauthorized, new("A valid access token is needed.", "authentication_error", null, "invalid_api_key")).ExecuteAsync(context);
    }
}
