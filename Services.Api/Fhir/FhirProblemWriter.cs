using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>Under /fhir a problem of any kind, also one of the token or the route, is an OperationOutcome.</summary>
internal sealed class FhirProblemWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public const string CodeSystem = "urn:aiplatform:error-code";

    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments(FhirEndpoints.Path);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        var code = problem.Extensions.TryGetValue("code", out var known) && known is string text ? text : "server.error";
        var diagnostics = problem.Extensions.TryGetValue("traceId", out var trace) ? $"trace {trace}" : null;
        IReadOnlyList<FhirIssue> issues = problem.Extensions.TryGetValue("errors", out var errors) && errors is IReadOnlyList<FieldError> faults
            ? [.. faults.Select(fault => Issue(status, fault.Code ?? code, fault.Message, diagnostics, [$"http.{fault.Field}"]))]
            : [Issue(status, code, problem.Detail ?? problem.Title ?? "The request failed.", diagnostics, null)];
        return new(new FhirResult(new FhirOperationOutcome(issues), status).ExecuteAsync(context.HttpContext));
    }

    private static FhirIssue Issue(int status, string code, string text, string? diagnostics, IReadOnlyList<string>? location) =>
        new(status == 500 ? "fatal" : "error", IssueType(status, code), new([new(CodeSystem, code)], text), diagnostics, location);

    public static string IssueType(int status, string code) => (status, code) switch
    {
        (_, "fhir.parameter_unknown" or "fhir.parameter_unsupported") => "not-supported",
        (_, "fhir.parameter_invalid" or "fhir.cursor_invalid") => "value",
        (401, _) => "login",
        (403, _) => "forbidden",
        (404, _) => "not-found",
        (405 or 406 or 415, _) => "not-supported",
        (409 or 412, _) => "conflict",
        (410, _) => "deleted",
        (413, _) => "too-long",
        (422, _) => "processing",
        (429, _) => "throttled",
        (502 or 503, _) => "transient",
        (504, _) => "timeout",
        ( >= 500, _) => "exception",
        _ => "invalid",
    };
}
