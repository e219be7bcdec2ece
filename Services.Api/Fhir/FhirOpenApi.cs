using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>What the OpenAPI document says of routes whose query FHIR defines and not a signature.</summary>
internal static class FhirOpenApi
{
    public static RouteHandlerBuilder ProducesFhir(this RouteHandlerBuilder route) => route
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(void), [FhirFormat.FhirJson]));

    public static RouteHandlerBuilder TakesFhirSearch(this RouteHandlerBuilder route, params string[] parameters) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var name in parameters.Append("_count").Append(FhirSearch.CursorName).Append(FhirFormat.Parameter))
            {
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            }

            return Task.CompletedTask;
        });
}
