using System.Diagnostics;
using AiPlatform.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>
/// The one place that makes the envelope, on the sign-in routes only: their answers, and as the problem writer there every failure,
/// also one of the route, the body or the server.
/// </summary>
internal sealed class AuthEnvelope(IOptions<ProblemDetailsOptions> options, TimeProvider timeProvider) : IProblemDetailsWriter
{
    public const string Path = "/api/v1/auth";

    public Ok<Envelope<T>> Ok<T>(string message, T data)
        where T : class =>
        TypedResults.Ok(new Envelope<T>(Success: true, StatusCodes.Status200OK, message, data, NewMeta()));

    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments(Path);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        var code = problem.Extensions["code"] as string ?? "server.error";
        var message = problem.Detail ?? problem.Title ?? "The request failed.";
        EnvelopeErrors errors = problem.Extensions.TryGetValue("errors", out var known) && known is IReadOnlyList<FieldError> faults
            ? new([.. faults.Select(fault => new EnvelopeError(fault.Field, fault.Message, fault.Code ?? code))])
            : new([new(null, message, code)]);
        var failure = new Envelope<EnvelopeErrors>(Success: false, status, message, errors, NewMeta());
        return new(TypedResults.Json(failure, AuthJsonContext.Default.EnvelopeEnvelopeErrors, statusCode: status).ExecuteAsync(context.HttpContext));
    }

    private EnvelopeMeta NewMeta() => new(timeProvider.GetUtcNow(), (Activity.Current?.TraceId ?? default).ToHexString());
}
