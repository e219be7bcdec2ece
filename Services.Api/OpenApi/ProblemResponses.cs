using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>Gives each operation its error answers: a response for each status, with the codes it comes with.</summary>
internal sealed class ProblemResponses : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var path = context.Description.ParameterDescriptions.Where(parameter => parameter.Source == BindingSource.Path).ToList();
        var problems = EndpointProblems.Of([.. context.Description.ActionDescriptor.EndpointMetadata], [.. path.Select(parameter => parameter.Name)]);
        if (path.Any(parameter => parameter.RouteInfo?.Constraints?.Any() is true))
        {
            problems = problems.Append((404, "resource.not_found")).Distinct();
        }

        var format = ErrorFormat.Of(context.Description.RelativePath ?? "");
        foreach (var group in problems.GroupBy(problem => problem.Status, problem => problem.Code).OrderBy(group => group.Key))
        {
            // An answer of the endpoint's own (an OAuth error) keeps what it says beside.
            operation.Responses ??= [];
            if (!operation.Responses.TryGetValue($"{group.Key}", out var known) || known is not OpenApiResponse response)
            {
                operation.Responses[$"{group.Key}"] = response = new() { Description = ReasonPhrases.GetReasonPhrase(group.Key) };
            }

            response.Content ??= new Dictionary<string, OpenApiMediaType>();
            response.Content[format.MediaType] = format.Describe(context.Document!, group.Key, [.. group.Order(StringComparer.Ordinal)]);
        }

        return Task.CompletedTask;
    }
}
