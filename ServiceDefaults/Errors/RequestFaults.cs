using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.ServiceDefaults.Errors;

/// <summary>What the framework refuses before a handler runs, said as every other fault of an input: the field, the words, a code.</summary>
internal static partial class RequestFaults
{
    /// <summary>The parameter that could not be bound, or the member of the body that could not be read; empty for a request broken otherwise.</summary>
    public static IReadOnlyList<FieldError> Of(BadHttpRequestException exception, Endpoint? endpoint)
    {
        // $.questions[0].text
        if (exception.InnerException is JsonException { Path: { Length: > 2 } path })
        {
            return [new(path[2..], "Unknown, or of another kind.", "request.member_invalid")];
        }

        // Only the message says which parameter it was.
        var name = QuotedName().Match(exception.Message).Groups["name"].Value;
        return ParametersOf(endpoint).FirstOrDefault(parameter => parameter.Name == name) is not { } found ? []
            : exception.Message.StartsWith("Required", StringComparison.Ordinal) ? [new(WireName(found), "A value is needed.", "value.required")]
            : [new(WireName(found), "The value is of another kind.", "value.malformed")];
    }

    /// <summary>What failed its validation attributes, one fault for each.</summary>
    public static ProblemDetails Translate(HttpValidationProblemDetails invalid, Endpoint? endpoint) => new()
    {
        Type = "about:blank",
        Status = StatusCodes.Status400BadRequest,
        Detail = "The request has faults; errors names them.",
        Extensions =
        {
            ["errors"] = invalid.Errors.SelectMany(member => member.Value.Select(message => FaultOf(member.Key, message, endpoint))).ToList(),
        },
    };

    private static FieldError FaultOf(string member, string message, Endpoint? endpoint)
    {
        var parameter = ParametersOf(endpoint).FirstOrDefault(parameter => parameter.Name == member);
        var field = parameter is null ? MemberPath(member) : WireName(parameter);
        return parameter?.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => rule.FormatErrorMessage(member) == message) switch
        {
            RangeAttribute range => new(field, $"From {range.Minimum} to {range.Maximum}.", "number.out_of_range"),
            StringLengthAttribute length => new(field, $"At most {length.MaximumLength} characters.", "text.too_long"),
            RequiredAttribute => new(field, "A value is needed.", "value.required"),
            AllowedValuesAttribute allowed => new(field, $"One of {string.Join(", ", allowed.Values.Where(value => value is not null))}.", "value.unknown"),
            RegularExpressionAttribute => new(field, "The value has a character that does not belong there.", "value.malformed"),
            _ => new(field, message, "value.invalid"),
        };
    }

    private static IEnumerable<ParameterInfo> ParametersOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Select(bound => bound.ParameterInfo) ?? [];

    private static string WireName(ParameterInfo parameter)
    {
        var attributes = parameter.GetCustomAttributes().ToList();
        return attributes.OfType<IFromHeaderMetadata>().FirstOrDefault()?.Name
            ?? attributes.OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
            ?? parameter.Name!;
    }

    // Items[0].Title, as the wire has it
    private static string MemberPath(string member) => string.Join('.', member.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    // Failed to bind parameter "Nullable<int> limit" from "abc".
    // Required parameter "string query" was not provided from query string.
    [GeneratedRegex("""\A[^"]*parameter "(?:[^"]* )?(?<name>\w+)"(?: from "| was not provided)""", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedName();
}
