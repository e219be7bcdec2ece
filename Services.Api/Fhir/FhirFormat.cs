using AiPlatform.ServiceDefaults.Errors;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>Which of the names of FHIR's JSON the caller wants to see; there is no other format here.</summary>
internal static class FhirFormat
{
    public const string FhirJson = "application/fhir+json";
    public const string Json = "application/json";
    public const string Parameter = "_format";

    /// <returns>Null when the caller takes nothing that we have.</returns>
    public static string? Choose(HttpRequest request)
    {
        // _format stands above Accept. In a query "+" is a space.
        if (request.Query[Parameter] is [{ Length: > 0 } format, ..])
        {
            return format.Replace(' ', '+') is "json" ? FhirJson : MediaTypeHeaderValue.TryParse(format.Replace(' ', '+'), out var asked) ? Match(asked) : null;
        }

        if (request.Headers.Accept.Count == 0)
        {
            return FhirJson;
        }

        return MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1).Select(Match).FirstOrDefault(match => match is not null)
            : null;
    }

    public static DomainException Unsupported() =>
        new(DomainErrorKind.NotAcceptable, "fhir.format_unsupported", $"The format is {FhirJson} in version 4.0.");

    private static string? Match(MediaTypeHeaderValue type)
    {
        // application/fhir+json; fhirVersion=4.0
        var version = type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase));
        if (version is not null && version.Value != "4.0")
        {
            return null;
        }

        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "*/*" or "application/*" or FhirJson => FhirJson,
            Json or "text/json" => Json,
            _ => null,
        };
    }
}

/// <summary>Refuses what cannot be answered in the wanted format before anything is read.</summary>
internal sealed class FhirFormatFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        FhirFormat.Choose(context.HttpContext.Request) is null ? throw FhirFormat.Unsupported() : next(context);
}
