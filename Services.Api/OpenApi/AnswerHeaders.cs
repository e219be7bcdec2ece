using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Writes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>The headers of the answers, each where it comes.</summary>
internal sealed class AnswerHeaders : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var creates = operation.Parameters?.Any(parameter => parameter.Name == WriteKey.Header) is true;
        foreach (var (status, response) in operation.Responses ?? [])
        {
            Add(response, Correlation.Header, "The caller's own id of the work at hand, otherwise the trace id.", "4bf92f3577b34da6a3ce929d0e0e4736");
            if (status is "200" or "201" or "204" && metadata.OfType<AnswersETag>().Any())
            {
                Add(response, "ETag", "The version of the record.", "\"3\"");
            }

            if (status is "201" && metadata.OfType<AnswersLocation>().Any())
            {
                Add(response, "Location", "The path of the new record.", "/api/v1/homework/assignments/0a000000-0000-7000-8000-000000000601");
            }

            if (status is "200" && creates)
            {
                Add(response, WriteKey.ReplayedHeader, "true: the key was used before, and this is what it made.", "true");
            }

            if (status is "429")
            {
                Add(response, "Retry-After", "Seconds to wait.", "840");
            }
        }

        return Task.CompletedTask;
    }

    private static void Add(IOpenApiResponse answer, string name, string description, string example)
    {
        if (answer is OpenApiResponse response)
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers[name] = new OpenApiHeader
            {
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = example,
            };
        }
    }
}
