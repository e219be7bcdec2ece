using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>The one place where a broken rule or a lost dependency becomes application/problem+json with its code.</summary>
internal sealed class DomainExceptionHandler(IProblemDetailsService problemDetails) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The middleware has taken the endpoint off the context by now.
        var endpoint = httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if (ToProblem(exception, endpoint) is not { } problem)
        {
            return false;
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        httpContext.Response.SetRetryAfter((exception as DomainException)?.RetryAfter);
        return await problemDetails.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }

    private static ProblemDetails? ToProblem(Exception exception, Endpoint? endpoint) => exception switch
    {
        DomainException domain => Problem((int)domain.Kind, domain.Code, domain.Message, domain.Errors),
        DependencyUnavailableException unavailable => Problem(503, unavailable.Code, unavailable.Message, []),
        BadHttpRequestException { StatusCode: 413 } => Problem(413, "request.too_large", "The request is larger than this route accepts.", []),
        BadHttpRequestException { StatusCode: 415 } => Problem(415, "request.unsupported_media_type", "The route does not take this type of content.", []),
        BadHttpRequestException bad => Problem(bad.StatusCode, "request.malformed", "The request could not be read.", RequestFaults.Of(bad, endpoint)),
        _ => null,
    };

    private static ProblemDetails Problem(int status, string code, string detail, IReadOnlyList<FieldError> errors)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail, Extensions = { ["code"] = code } };
        if (errors.Count > 0)
        {
            problem.Extensions["errors"] = errors;
        }

        return problem;
    }
}
