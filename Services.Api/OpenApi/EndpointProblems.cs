using System.ComponentModel.DataAnnotations;
using System.Reflection;
using AiPlatform.ServiceDefaults.Writes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>Every code that an endpoint can answer: what it declares, and what its token, parameters, headers and body bring along.</summary>
internal static class EndpointProblems
{
    // With the profile that a caller may name beside their token.
    private static readonly (int Status, string Code)[] OfToken =
        [(401, "auth.required"), (401, "auth.token_invalid"), (400, "profile.invalid"), (403, "profile.forbidden")];

    /// <param name="metadata">Of the endpoint.</param>
    /// <param name="inPath">The names of the parameters in its path: what does not fit there meets no endpoint.</param>
    public static IEnumerable<(int Status, string Code)> Of(IReadOnlyCollection<object> metadata, IReadOnlyCollection<string> inPath)
    {
        var parameters = metadata.OfType<IParameterBindingMetadata>().Where(parameter => !inPath.Contains(parameter.Name));
        return metadata.OfType<DeclaredProblems>().SelectMany(declared => declared.Codes.Select(code => (declared.Status, code)))
            .Concat(metadata.OfType<IAllowAnonymous>().Any() ? [] : OfToken)
            .Concat(parameters.SelectMany(OfParameter))
            .Concat([(500, "server.error"), (503, "database.unavailable")])
            .Distinct();
    }

    private static IEnumerable<(int Status, string Code)> OfParameter(IParameterBindingMetadata bound)
    {
        var parameter = bound.ParameterInfo;
        var type = parameter.ParameterType;
        switch (parameter.GetCustomAttributes().OfType<IFromHeaderMetadata>().FirstOrDefault()?.Name)
        {
            case WriteKey.Header:
                return [(400, "idempotency.key_required"), (409, "idempotency.key_reused")];
            case var header when header == HeaderNames.IfMatch:
                return [(412, "precondition.failed"), (428, "precondition.required")];
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(JsonBody<>))
        {
            return [(400, "request.malformed"), (400, "request.member_invalid"), (413, "request.too_large"), (415, "request.unsupported_media_type")];
        }

        return OfQuery(bound, parameter);
    }

    private static IEnumerable<(int Status, string Code)> OfQuery(IParameterBindingMetadata bound, ParameterInfo parameter)
    {
        // A text has a parser too, which takes everything.
        if (parameter.ParameterType == typeof(string) ? !bound.IsOptional : bound.HasTryParse)
        {
            yield return (400, "request.malformed");
        }

        if (parameter.GetCustomAttributes<ValidationAttribute>().Any())
        {
            yield return (400, "request.invalid");
        }

        if (parameter.Name is "cursor")
        {
            yield return (400, "cursor.invalid");
        }
    }
}
