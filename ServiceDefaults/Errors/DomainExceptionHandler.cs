using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>The one place where a <see cref="DomainException"/> becomes application/problem+json with its code.</summary>
internal sealed class DomainExceptionHandler(IProblemDetailsService problemDetails) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not DomainException domain)
        {
            return false;
        }

        httpContext.Response.StatusCode = (int)domain.Kind;
        var problem = new ProblemDetails
        {
            Status = (int)domain.Kind,
            Detail = domain.Message,
            Extensions = { ["code"] = domain.Code },
        };

        if (domain.Errors.Count > 0)
        {
            problem.Extensions["errors"] = domain.Errors;
        }

        return await problemDetails.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }
}
