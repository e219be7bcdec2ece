using System.Security.Claims;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Chat.Keys.Authentication;

/// <summary>
/// Serves callers of the model routes at once whose token or key this replica knows at the moment. Everybody else goes the framework's way through
/// authentication and authorisation, which says the same of a caller and costs a small call as much as all that is done for it.
/// </summary>
internal sealed class KnownCallers(RequestDelegate next, TokenVerifier tokens, KnownKeys keys)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint() is { RequestDelegate: { } serve } endpoint && endpoint.Metadata.GetMetadata<ServesKnownCallers>() is not null && Knows(context)
            ? serve(context)
            : next(context);

    private bool Knows(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } authorization])
        {
            return false;
        }

        if (BearerToken.SpanOf(authorization).StartsWith(KeySecret.Prefix, StringComparison.Ordinal))
        {
            if (keys.Recall(authorization) is not { } known)
            {
                return false;
            }

            context.Features.Set(known.Key);
            Set(context, known.User, known.Principal);
            return true;
        }

        if (tokens.Recall(authorization) is not { } caller)
        {
            return false;
        }

        Set(context, caller.User, caller.Principal);
        return true;
    }

    private static void Set(HttpContext context, AuthenticatedUser user, ClaimsPrincipal principal)
    {
        context.Features.Set(user);
        context.User = principal;
    }
}

/// <summary>Marks a route that needs nothing of the framework but its caller, and answers for its own failures.</summary>
internal sealed record ServesKnownCallers;
