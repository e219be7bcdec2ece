using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>What the OpenAPI document says of routes whose query and answers FHIR defines and not a signature.</summary>
internal static class FhirOpenApi
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["_id"] = "Ids, with commas between them.",
        ["_lastUpdated"] = "A date or time with a prefix of eq, ne, gt, lt, ge, le, sa or eb; given more than once, all must hold.",
        ["patient"] = "The client: an id, Patient/id, or the address of the resource.",
        ["_count"] = $"Entries of a page, at most {FhirSearch.MaxCount}; 0 asks for the total alone.",
        [FhirSearch.CursorName] = "The place of the page, as a next link has it.",
        [FhirFormat.Parameter] = $"json or {FhirFormat.FhirJson}; stands above Accept.",
    };

    private static readonly Dictionary<string, string> Samples = new()
    {
        ["_id"] = "0a000000-0000-7000-8000-000000000301",
        ["_lastUpdated"] = "ge2026-11-01",
        ["patient"] = "Patient/0a000000-0000-7000-8000-000000000301",
        ["_count"] = "50",
        [FhirFormat.Parameter] = "json",
    };

    /// <param name="example">A resource as the route answers it; of a search, what its bundle holds.</param>
    public static RouteHandlerBuilder ProducesFhir(this RouteHandlerBuilder route, FhirResource example) => route
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(void), [FhirFormat.FhirJson]))
        .WithProblems(406, "fhir.format_unsupported")
        .AddOpenApiOperationTransformer((operation, context, _) =>
        {
            Describe(context.Document!);
            AddParameter(operation, FhirFormat.Parameter);
            foreach (var (status, response) in operation.Responses ?? [])
            {
                if (status is "200" && response is OpenApiResponse ok)
                {
                    ok.Content![FhirFormat.FhirJson] = new()
                    {
                        Schema = new OpenApiSchemaReference(nameof(FhirResource), context.Document),
                        Example = JsonNode.Parse(JsonSerializer.Serialize(example, FhirJsonContext.Resource)),
                    };
                }
            }

            return Task.CompletedTask;
        });

    /// <param name="notFound">The code when there is no such resource for the caller.</param>
    public static RouteHandlerBuilder ReadsFhir(this RouteHandlerBuilder route, FhirResource example, string notFound) => route
        .ProducesFhir(example)
        .WithETag()
        .Produces(StatusCodes.Status304NotModified)
        .WithProblems(404, notFound);

    public static RouteHandlerBuilder TakesFhirSearch(this RouteHandlerBuilder route, params string[] parameters) => route
        .WithProblems(400, "fhir.parameter_invalid", "fhir.parameter_unsupported", "fhir.parameter_unknown", "fhir.cursor_invalid")
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var name in parameters.Append("_count").Append(FhirSearch.CursorName))
            {
                AddParameter(operation, name);
            }

            return Task.CompletedTask;
        });

    private static void AddParameter(OpenApiOperation operation, string name)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = Words[name],
            Example = Samples.GetValueOrDefault(name),
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    // FHIR publishes schemas of its own; ours say what we promise beside them.
    private static void Describe(OpenApiDocument document)
    {
        document.AddComponent(nameof(FhirResource), Resource("A resource of FHIR R4: https://hl7.org/fhir/R4/resourcelist.html"));
        document.AddComponent(nameof(FhirOperationOutcome), Resource("Why a request was refused or failed: https://hl7.org/fhir/R4/operationoutcome.html"));
    }

    private static OpenApiSchema Resource(string description) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = new HashSet<string> { "resourceType" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["resourceType"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Which resource it is." },
        },
    };
}
