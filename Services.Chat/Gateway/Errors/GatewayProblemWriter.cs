using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Replies;

namespace AiPlatform.Services.Chat.Gateway.Errors;

/// <summary>What goes wrong before a route of the gateway is reached, or because there is none, is told in OpenAI's envelope too.</summary>
internal sealed class GatewayProblemWriter(TimeProvider timeProvider) : IProblemDetailsWriter
{
    private static readonly string[] Paths = ["/v1", "/chat/completions", "/embeddings", "/models", "/responses", "/cache"];

    public bool CanWrite(ProblemDetailsContext context) => Array.Exists(Paths, path => context.HttpContext.Request.Path.StartsWithSegments(path));

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        var kind = status >= 500 ? DomainErrorKind.Unavailable : (DomainErrorKind)status;
        var code = status switch
        {
            401 => "invalid_api_key",
            404 => "unknown_url",
            405 => "method_not_allowed",
            _ => problem.Extensions.TryGetValue("code", out var given) ? given as string : null,
        };
        var message = problem.Detail ?? status switch
        {
            404 => $"Unknown request URL: {context.HttpContext.Request.Method} {context.HttpContext.Request.Path}.",
            405 => $"Not allowed to {context.HttpContext.Request.Method} on {context.HttpContext.Request.Path}.",
            _ => problem.Title ?? "The request failed.",
        };

        ReplyHeaders.EnsureAnnounced(context.HttpContext, timeProvider);
        await GatewayFailures.Envelope(status, new(message, GatewayError.TypeOf(kind), null, code)).ExecuteAsync(context.HttpContext);
    }
}
