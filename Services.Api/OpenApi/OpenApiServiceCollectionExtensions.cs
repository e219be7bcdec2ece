using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

internal static class OpenApiServiceCollectionExtensions
{
    // The name AddOpenApi gives when it is given none; the generator finds the call by its shape.
    private const string Document = "v1";

    /// <summary>The OpenAPI document. Its words come from the XML documentation of handlers and contracts, by the package's source generator.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.AddOpenApi();

        // A number is a number, on the wire and in the schemas.
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        return services.Configure<OpenApiOptions>(Document, options => options
            .AddSchemaTransformer<WireSchemas>()
            .AddOperationTransformer<ProblemResponses>()
            .AddOperationTransformer<AnswerHeaders>()
            .AddOperationTransformer<SharedWords>()
            .AddOperationTransformer<Security>()
            .AddDocumentTransformer<Security>()
            .AddDocumentTransformer<DocumentInfo>()
            .AddDocumentTransformer<SharedWords>()
            .AddDocumentTransformer<Examples>());
    }
}
