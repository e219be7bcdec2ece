using AiPlatform.Services.Chat.Gateway.Replies;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>Failures of a route of the gateway, and the headers of its every reply. Routes that serve model calls have both from <see cref="ModelRoute"/>.</summary>
internal sealed class GatewayErrorFilter(GatewayFailures failures, TimeProvider timeProvider) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        ReplyHeaders.Announce(http, timeProvider);

        try
        {
            return await next(context);
        }
        catch (Exception exception) when (GatewayFailures.HasAnswer(http, exception))
        {
            return failures.Answer(http, exception);
        }
    }
}
