using System.Text.Json.Nodes;

namespace AiPlatform.Services.Api.Tests.OpenApi;

/// <summary>The published document, as a program would read it.</summary>
internal sealed class ApiDocument
{
    private ApiDocument(JsonObject root) => Root = root;

    public JsonObject Root { get; }

    public IEnumerable<KeyValuePair<string, JsonNode?>> Schemas => Root["components"]!["schemas"]!.AsObject();

    public IEnumerable<ApiOperation> Operations =>
        from path in Root["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new ApiOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    /// <param name="pattern">As the route has it, constraints included.</param>
    public ApiOperation OperationOf(string method, string pattern) => Operations.Single(operation =>
        operation.Method == method && $"/{operation.Path.Trim('/')}" == pattern.Replace(":guid", "", StringComparison.Ordinal));

    public static async Task<ApiDocument> ReadAsync(HttpClient client) =>
        new(JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!.AsObject());

    /// <summary>What a reference, or one that may be null, stands for; the schema itself when it is neither.</summary>
    public JsonObject Resolve(JsonObject schema) => (schema["$ref"], schema["oneOf"]) switch
    {
        ({ } reference, _) => Root["components"]!["schemas"]![$"{reference}".Split('/')[^1]]!.AsObject(),
        (_, JsonArray one) => Resolve(one.First(alternative => alternative!["$ref"] is not null)!.AsObject()),
        _ => schema,
    };

    /// <summary>What is wrong with a value by a schema of this document; nothing when it fits.</summary>
    public IEnumerable<string> FaultsOf(JsonNode? value, JsonNode schema) => new SchemaCheck(Root).FaultsOf(value, schema, "$");
}

internal sealed record ApiOperation(string Method, string Path, JsonObject Json)
{
    public string Name => $"{Method} {Path}";

    public string? Id => Json["operationId"]?.GetValue<string>();

    public IEnumerable<JsonObject> Parameters => (Json["parameters"]?.AsArray() ?? []).Select(parameter => parameter!.AsObject());

    /// <summary>Status and response.</summary>
    public IEnumerable<(string Status, JsonObject Response)> Responses =>
        Json["responses"]!.AsObject().Select(response => (response.Key, response.Value!.AsObject()));

    /// <summary>Every body that comes or goes: where it is, its media type, its description.</summary>
    public IEnumerable<(string Where, string MediaType, JsonObject Body)> Bodies =>
        ContentOf("request", Json["requestBody"]).Concat(Responses.SelectMany(response => ContentOf(response.Status, response.Response)));

    /// <summary>The codes that the document gives an answer of this status.</summary>
    public IEnumerable<string> CodesOf(string status) =>
        Json["responses"]![status]?["content"]?.AsObject().SelectMany(media => media.Value!["examples"]?.AsObject() ?? []).Select(example => example.Key) ?? [];

    private static IEnumerable<(string Where, string MediaType, JsonObject Body)> ContentOf(string where, JsonNode? owner) =>
        (owner?["content"]?.AsObject() ?? []).Select(content => (where, content.Key, content.Value!.AsObject()));
}
