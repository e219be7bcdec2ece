using System.Globalization;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Writes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>
/// Parameters and members that mean the same wherever they stand, said once. What an endpoint or a contract says itself stays.
/// </summary>
internal sealed class SharedWords : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private static readonly Dictionary<string, (string Description, string? Example)> Parameters = new()
    {
        ["id"] = ("The id of the record.", "0a000000-0000-7000-8000-000000000301"),
        ["limit"] = ("How many at most.", "20"),
        ["cursor"] = ("The nextCursor of the page before; without one the list begins.", null),
        [WriteKey.Header] = (
            "Up to 200 visible ASCII characters that the caller makes up for this one creation. The same key with the same request answers what the first one made; with another request it is refused.",
            "5f0c7f0e-8a1b-4d0a-9a55-0d6a5d0f7a11"),
        ["If-Match"] = ("The ETag of the record as it was read: the change is refused when somebody else has changed it since. * takes any version.", "\"3\""),
        [Correlation.Header] = ("An id of the caller's own, to find this call in logs and audit.", "case-7"),
    };

    private static readonly Dictionary<string, string> Members = new()
    {
        ["id"] = "The record's id.",
        ["practiceId"] = "The practice it belongs to.",
        ["clientId"] = "The client it is about.",
        ["practitionerId"] = "The practitioner who treats.",
        ["sessionId"] = "The clinical session.",
        ["clientName"] = "The client's name; null when the client is gone.",
        ["practitionerName"] = "The practitioner's name; null when they are gone.",
        ["name"] = "The name.",
        ["email"] = "The e-mail address.",
        ["phone"] = "The telephone number.",
        ["title"] = "The title.",
        ["items"] = "What was found, in the order of the list.",
        ["nextCursor"] = "Asks for the next page; absent on the last.",
        ["total"] = "How many there are, whatever the page.",
        ["message"] = "For people.",
        ["createdAt"] = "When it was made.",
        ["updatedAt"] = "When it was changed last.",
    };

    // For those that no type's own example shows.
    private static readonly Dictionary<string, (JsonSchemaType Type, JsonNode Value)> Samples = new()
    {
        ["code"] = (JsonSchemaType.Integer, 200),
        ["message"] = (JsonSchemaType.String, "Done."),
        ["name"] = (JsonSchemaType.String, "Maya Lindqvist"),
        ["title"] = (JsonSchemaType.String, "Sunday evenings"),
        ["nextCursor"] = (JsonSchemaType.String, "CN7wZ2Z4AAAKAAAAAAAAcIAAAAAAAAMB"),
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (Parameters.TryGetValue(parameter.Name ?? "", out var words))
            {
                parameter.Description ??= words.Description;
                parameter.Example ??= words.Example is not { } example ? null
                    : parameter.Name is "limit" ? int.Parse(example, CultureInfo.InvariantCulture) : example;
            }

            // Absent is allowed by the signature only so that its lack can be answered with a code.
            parameter.Required |= parameter.Name is WriteKey.Header or "If-Match";
        }

        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var members = document.Components?.Schemas?.Values.SelectMany(schema => schema.Properties ?? new Dictionary<string, IOpenApiSchema>()) ?? [];
        foreach (var (name, member) in members)
        {
            if (string.IsNullOrEmpty(member.Description))
            {
                // What may be null is one of two, and the description has stayed with the other.
                member.Description = member.OneOf?.Select(one => one.Description).FirstOrDefault(words => words?.Length > 0) ?? Members.GetValueOrDefault(name);
            }

            if (member is OpenApiSchema { Examples: null } schema && Samples.TryGetValue(name, out var sample) && schema.Type == sample.Type)
            {
                schema.Examples = [sample.Value.DeepClone()];
            }
        }

        return Task.CompletedTask;
    }
}
