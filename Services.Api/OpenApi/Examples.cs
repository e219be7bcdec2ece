using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>
/// An example for every body: the one its type has in its documentation, otherwise put together from those of its members.
/// A list is shown with one item.
/// </summary>
internal sealed class Examples : IOpenApiDocumentTransformer
{
    private const int Deepest = 8;

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var operations = document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(operation => operation.Value);
        foreach (var media in operations.SelectMany(BodiesOf))
        {
            if (media is { Schema: { } schema, Example: null, Examples: null or { Count: 0 } })
            {
                media.Example = Compose(schema, Deepest);
            }
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<OpenApiMediaType> BodiesOf(OpenApiOperation operation) =>
        (operation.RequestBody?.Content?.Values ?? [])
            .Concat((operation.Responses?.Values ?? Enumerable.Empty<IOpenApiResponse>()).SelectMany(response => response.Content?.Values ?? []))
            .OfType<OpenApiMediaType>();

    /// <returns>Null when there is nothing to show.</returns>
    private static JsonNode? Compose(IOpenApiSchema schema, int depth)
    {
        if (schema.Examples?.FirstOrDefault() is { } own)
        {
            return own.DeepClone();
        }

        if (schema.Enum?.FirstOrDefault() is { } first)
        {
            return first.DeepClone();
        }

        if (schema.OneOf?.FirstOrDefault(one => one.Type is not JsonSchemaType.Null) is { } one)
        {
            return Compose(one, depth);
        }

        return depth == 0 ? null : (schema.Type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.Object => ComposeObject(schema, depth),
            JsonSchemaType.Array => schema.Items is { } items && Compose(items, depth - 1) is { } item ? new JsonArray(item) : new JsonArray(),
            JsonSchemaType.Boolean => JsonValue.Create(true),
            JsonSchemaType.Integer or JsonSchemaType.Number => JsonValue.Create(
                long.TryParse(schema.Minimum, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var least) ? least : 1),
            JsonSchemaType.String => ComposeText(schema.Format),
            _ => null,
        };
    }

    private static JsonObject ComposeObject(IOpenApiSchema schema, int depth)
    {
        var composed = new JsonObject();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (Compose(member, depth - 1) is { } example)
            {
                composed[name] = example;
            }
        }

        return composed;
    }

    private static JsonValue? ComposeText(string? format) => format switch
    {
        "uuid" => JsonValue.Create("0a000000-0000-7000-8000-000000000301"),
        "date-time" => JsonValue.Create("2026-11-20T17:00:00Z"),
        "date" => JsonValue.Create("2026-11-20"),
        _ => null,
    };
}
