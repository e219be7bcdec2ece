using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Services.Api.OpenApi;

/// <summary>Makes schemas say what is true on the wire: which members may be absent, which values there are, how long a text may be.</summary>
internal sealed class WireSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is null && context.JsonTypeInfo.Kind is JsonTypeInfoKind.Object && schema.Properties?.Count > 0)
        {
            schema.Required = context.JsonTypeInfo.Properties.Where(property => IsAlwaysThere(context.JsonTypeInfo.Type, property))
                .Select(property => property.Name).ToHashSet();
            schema.AdditionalPropertiesAllowed = !IsRequest(context.JsonTypeInfo.Type);
        }

        var attributes = context.JsonPropertyInfo is { } member ? AttributesOf(member)
            : (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo.GetCustomAttributes() ?? [];
        foreach (var attribute in attributes)
        {
            Apply(schema, attribute);
        }

        // What is left out when it is null is never null.
        if (context.JsonPropertyInfo is { } optional && IsLeftOutWhenNull(optional))
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }

    private static void Apply(OpenApiSchema schema, Attribute attribute)
    {
        switch (attribute)
        {
            case AllowedValuesAttribute allowed:
                schema.Enum = [.. allowed.Values.OfType<string>().Select(JsonNode (value) => JsonValue.Create(value))];
                break;
            case StringLengthAttribute length:
                schema.MaxLength = length.MaximumLength;
                break;
            case RangeAttribute range:
                schema.Minimum = FormattableString.Invariant($"{range.Minimum}");
                schema.Maximum = FormattableString.Invariant($"{range.Maximum}");
                break;
        }
    }

    // Bodies of writes are all nullable, so that every fault can be told at once; what they need is marked.
    private static bool IsAlwaysThere(Type type, JsonPropertyInfo property) => IsRequest(type)
        ? AttributesOf(property).OfType<RequiredAttribute>().Any()
        : !IsLeftOutWhenNull(property);

    private static bool IsLeftOutWhenNull(JsonPropertyInfo property) =>
        AttributesOf(property).OfType<JsonIgnoreAttribute>().Any(ignore => ignore.Condition is JsonIgnoreCondition.WhenWritingNull);

    private static bool IsRequest(Type type) => type.Name.EndsWith("Request", StringComparison.Ordinal);

    /// <summary>Of the property and of the record's parameter that it comes from.</summary>
    private static IEnumerable<Attribute> AttributesOf(JsonPropertyInfo property) =>
        (property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [])
            .Concat(ParameterOf(property)?.GetCustomAttributes(inherit: true) ?? [])
            .OfType<Attribute>();

    private static ParameterInfo? ParameterOf(JsonPropertyInfo property) => property.AttributeProvider is not PropertyInfo { DeclaringType: { } type } declared
        ? null
        : type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).FirstOrDefault(parameter => parameter.Name == declared.Name);
}
