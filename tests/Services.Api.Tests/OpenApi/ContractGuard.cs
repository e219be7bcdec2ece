using System.Collections.Concurrent;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.OpenApi;

/// <summary>Breaks off an answer that its endpoint does not document, so that whichever test met it fails and says what to write.</summary>
internal sealed class ContractGuard : IStartupFilter
{
    private static readonly object Codes = new();

    public static void Watch(IServiceCollection services)
    {
        services.AddSingleton<AnsweredProblems>();
        services.AddSingleton<IStartupFilter, ContractGuard>();
        services.PostConfigure<ProblemDetailsOptions>(options =>
        {
            var customize = options.CustomizeProblemDetails;
            options.CustomizeProblemDetails = context =>
            {
                customize?.Invoke(context);
                context.HttpContext.Items[Codes] = CodesOf(context);
            };
        });
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static async (context, next) =>
        {
            await next(context);
            if (FaultOf(context) is { } fault)
            {
                throw new InvalidOperationException(fault);
            }
        });
        next(app);
    };

    private static string? FaultOf(HttpContext context)
    {
        // The exception handler takes the endpoint off the context. What met no endpoint (404, 405, 415 of the routing) has no contract.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        if (endpoint is not RouteEndpoint route || endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not { EndpointName: var name })
        {
            return null;
        }

        foreach (var code in context.Items[Codes] as IEnumerable<string> ?? [])
        {
            context.RequestServices.GetRequiredService<AnsweredProblems>().Seen[(name, context.Response.StatusCode, code)] = true;
        }

        var (status, headers) = (context.Response.StatusCode, context.Response.Headers);
        var documented = EndpointProblems.Of([.. endpoint.Metadata], [.. route.RoutePattern.Parameters.Select(parameter => parameter.Name)]).ToHashSet();
        var undocumented = (context.Items[Codes] as IEnumerable<string> ?? []).FirstOrDefault(code => !documented.Contains((status, code)));
        var produced = endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(produces => produces.StatusCode == status);
        var showsRecord = status is 200 or 201 or 204;
        return (undocumented, produced) switch
        {
            ({ } code, _) => $"{name} answered {status} {code}, which it does not document. Add .WithProblems({status}, \"{code}\") to its route.",
            (_, false) when !context.Items.ContainsKey(Codes) => $"{name} answered {status}, which it does not document. Add .Produces({status}) to its route.",
            _ when showsRecord && headers.ETag.Count > 0 != Has<AnswersETag>(endpoint) => $"{name}: ETag and .WithETag() go together.",
            _ when status is 201 && headers.Location.Count > 0 != Has<AnswersLocation>(endpoint) => $"{name}: Location and .WithLocation() go together.",
            _ => null,
        };
    }

    // Where there is no code of the whole, each fault has its own.
    private static List<string> CodesOf(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var code = $"{problem.Extensions["code"]}";
        return ErrorFormat.Of(context.HttpContext.Request.Path) != ErrorFormat.Problem
            && problem.Extensions.TryGetValue("errors", out var errors) && errors is IEnumerable<FieldError> faults
                ? [.. faults.Select(fault => fault.Code ?? code)]
                : [code];
    }

    private static bool Has<T>(Endpoint endpoint)
        where T : class => endpoint.Metadata.GetMetadata<T>() is not null;
}

/// <summary>Every problem that the endpoints of a host have answered: operation, status, code.</summary>
internal sealed class AnsweredProblems
{
    public ConcurrentDictionary<(string Operation, int Status, string Code), bool> Seen { get; } = new();
}
