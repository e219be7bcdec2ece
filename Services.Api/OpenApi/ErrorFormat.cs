using System.Text.Json.Nodes;
using AiPlatform.Services.Api.Fhir;
using AiPlatform.Services.Api.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>How errors look under a path: problem details, FHIR's outcome, or the envelope of the sign-in routes.</summary>
/// <param name="Schema">The component that describes them.</param>
internal sealed record ErrorFormat(string MediaType, string Schema, Type? Type, Func<int, string, JsonObject> Example)
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static readonly ErrorFormat Problem = new("application/problem+json", "Problem", typeof(ProblemResponse), (status, code) => new()
    {
        ["type"] = "about:blank",
        ["title"] = ReasonPhrases.GetReasonPhrase(status),
        ["status"] = status,
        ["code"] = code,
        ["traceId"] = TraceId,
    });

    public static readonly ErrorFormat Envelope = new("application/json", "EnvelopeOfEnvelopeErrors", typeof(Envelope<EnvelopeErrors>), (status, code) => new()
    {
        ["success"] = false,
        ["code"] = status,
        ["message"] = ReasonPhrases.GetReasonPhrase(status),
        ["data"] = new JsonObject
        {
            ["errors"] = new JsonArray(new JsonObject { ["field"] = null, ["message"] = ReasonPhrases.GetReasonPhrase(status), ["code"] = code }),
        },
        ["meta"] = new JsonObject { ["issuedAt"] = "2026-11-20T17:00:00Z", ["traceId"] = TraceId },
    });

    public static readonly ErrorFormat Outcome = new(FhirFormat.FhirJson, "FhirOperationOutcome", null, (status, code) => new()
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject
        {
            ["severity"] = "error",
            ["code"] = FhirProblemWriter.IssueType(status, code),
            ["details"] = new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = FhirProblemWriter.CodeSystem, ["code"] = code }),
                ["text"] = ReasonPhrases.GetReasonPhrase(status),
            },
            ["diagnostics"] = $"trace {TraceId}",
        }),
    });

    public static IReadOnlyList<ErrorFormat> All => [Problem, Envelope, Outcome];

    /// <param name="path">With or without its first slash.</param>
    public static ErrorFormat Of(string path)
    {
        var full = new PathString($"/{path.TrimStart('/')}");
        return full.StartsWithSegments(FhirEndpoints.Path) ? Outcome : full.StartsWithSegments(AuthEnvelope.Path) ? Envelope : Problem;
    }

    /// <summary>The format, and which codes it comes with.</summary>
    public OpenApiMediaType Describe(OpenApiDocument document, int status, IReadOnlyList<string> codes) => new()
    {
        Schema = new OpenApiSchema
        {
            AllOf = [new OpenApiSchemaReference(Schema, document), WithCodes(codes)],
        },
        Examples = codes.ToDictionary(code => code, IOpenApiExample (code) => new OpenApiExample { Value = Example(status, code) }),
    };

    // Where the code stands differs: code, data.errors[].code, issue[].details.coding[].code.
    private OpenApiSchema WithCodes(IReadOnlyList<string> codes)
    {
        IOpenApiSchema code = new OpenApiSchema { Enum = [.. codes.Select(JsonNode (text) => JsonValue.Create(text))] };
        return this == Envelope ? Member("data", Member("errors", List(Member("code", code))))
            : this == Outcome ? Member("issue", List(Member("details", Member("coding", List(Member("code", code))))))
            : Member("code", code);
    }

    private static OpenApiSchema Member(string name, IOpenApiSchema schema) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema> { [name] = schema },
    };

    private static OpenApiSchema List(IOpenApiSchema item) => new() { Type = JsonSchemaType.Array, Items = item };
}
