using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.ServiceDefaults.Errors;

internal static class ErrorsServiceCollectionExtensions
{
    /// <summary>Every failure leaves as application/problem+json with a code and the trace id to look for.</summary>
    public static IServiceCollection AddErrors(this IServiceCollection services)
    {
        services.AddExceptionHandler<DomainExceptionHandler>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = static context =>
        {
            if (context.ProblemDetails is HttpValidationProblemDetails invalid)
            {
                context.ProblemDetails = RequestFaults.Translate(invalid, context.HttpContext.GetEndpoint());
            }

            var problem = context.ProblemDetails;
            var status = problem.Status ?? context.HttpContext.Response.StatusCode;
            problem.Type ??= "about:blank";
            problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
            problem.Extensions.TryAdd("code", DefaultCode(status));
            problem.Extensions["traceId"] = (Activity.Current?.TraceId ?? default).ToHexString();
        });
        services.AddSingleton<IProblemDetailsWriter, UnaskedProblemWriter>();

        // Otherwise a body that cannot be read is a 400 without a word outside Development.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    private static string DefaultCode(int status) => status switch
    {
        400 => "request.invalid",
        401 => "auth.required",
        403 => "auth.forbidden",
        404 => "resource.not_found",
        405 => "request.method_not_allowed",
        413 => "request.too_large",
        415 => "request.unsupported_media_type",
        >= 500 => "server.error",
        _ => "request.refused",
    };
}
