using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.OpenApi;

/// <summary>The document says everything of every operation. What is missing is listed, with what to write where.</summary>
public sealed class OpenApiTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    // Of the platform, not of the practice: they are described where they come from.
    private static readonly string[] Undocumented = ["/alive", "/health", "/openapi/{documentName}.json"];

    private static readonly string[] Formats = ["application/problem+json", "application/fhir+json", "application/json"];

    [Fact]
    public async Task Document_InDevelopment_HasEveryRoute()
    {
        var document = await ReadAsync();

        Assert.Equal(
            Mapped().Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} {PathOf(endpoint)}").Order(StringComparer.Ordinal),
            document.Operations.Select(operation => $"{operation.Method} /{operation.Path.Trim('/')}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_EveryOperation_SaysWhatItDoesAndWhatItTakes()
    {
        var document = await ReadAsync();

        AssertNone(document.Operations.SelectMany(FaultsOf));
        Assert.Equal(document.Operations.Count(), document.Operations.Select(operation => operation.Id).Distinct().Count());

        static IEnumerable<string> FaultsOf(ApiOperation operation)
        {
            if (IsBlank(operation.Json["summary"]))
            {
                yield return $"{operation.Name}: no summary. Give its handler a /// <summary>, and make it internal: private ones are not read.";
            }

            if (operation.Json["tags"]?.AsArray().Count is not 1 || operation.Id is null)
            {
                yield return $"{operation.Name}: needs .WithTags(...) and .WithName(...).";
            }

            foreach (var parameter in operation.Parameters.Where(parameter => IsBlank(parameter["description"])))
            {
                yield return $"{operation.Name}: {parameter["name"]} has no description. Give the handler a <param>, or SharedWords a word for all.";
            }
        }
    }

    [Fact]
    public async Task Document_EveryMember_IsDescribed()
    {
        var document = await ReadAsync();

        AssertNone(
            from schema in document.Schemas
            from member in schema.Value!["properties"]?.AsObject() ?? []
            where IsBlank(member.Value!["description"])
            select $"{schema.Key}.{member.Key} has no description. Give the record a <param>, or SharedWords a word for all.");
    }

    [Fact]
    public async Task Document_EveryBody_HasASchemaAndExamplesThatFitIt()
    {
        var document = await ReadAsync();

        AssertNone(document.Operations.SelectMany(operation => operation.Bodies.SelectMany(body => FaultsOf(operation, body))));

        IEnumerable<string> FaultsOf(ApiOperation operation, (string Where, string MediaType, JsonObject Body) at)
        {
            var place = $"{operation.Name} {at.Where} {at.MediaType}";
            var examples = ExamplesOf(at.Body).ToList();
            if (at.Body["schema"] is not { } schema)
            {
                return [$"{place}: no schema."];
            }

            return examples.Count == 0
                ? [$"{place}: no example. Give the record a /// <example> with JSON."]
                : examples.SelectMany(example => document.FaultsOf(example, schema)).Select(fault => $"{place}: the example does not fit: {fault}. Give the record a /// <example> with JSON.");
        }
    }

    [Fact]
    public async Task Document_EveryOperation_NamesItsErrorsInTheirFormat()
    {
        var document = await ReadAsync();

        AssertNone(document.Operations.SelectMany(FaultsOf));

        static IEnumerable<string> FaultsOf(ApiOperation operation)
        {
            var errors = operation.Responses.Where(response => response.Status[0] is '4' or '5').ToList();
            var format = operation.Path.StartsWith("/fhir", StringComparison.Ordinal) ? "application/fhir+json"
                : operation.Path.StartsWith("/api/v1/auth/", StringComparison.Ordinal) ? "application/json"
                : "application/problem+json";
            foreach (var (status, response) in errors.Where(error => error.Response["content"]?[format] is null && operation.Id is not "GrantToken"))
            {
                yield return $"{operation.Name}: {status} is not {format} but {response["content"]?.ToJsonString()}.";
            }

            foreach (var (status, _) in errors.Where(error => error.Response["content"]?.AsObject().Any(media => !Formats.Contains(media.Key)) is true))
            {
                yield return $"{operation.Name}: {status} has a format of its own.";
            }

            foreach (var needed in new[] { "500", "503" }.Concat(operation.Json["security"] is null ? [] : ["401"]).Except(errors.Select(error => error.Status)))
            {
                yield return $"{operation.Name}: {needed} is missing.";
            }
        }
    }

    [Fact]
    public async Task Document_EveryOperation_AsksForATokenAsTheRouteDoes()
    {
        var document = await ReadAsync();
        var closed = Mapped().Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName);

        Assert.Equal(closed.Order(), document.Operations.Where(operation => operation.Json["security"] is not null).Select(operation => operation.Id!).Order());
        Assert.All(
            document.Operations.Where(operation => operation.Json["security"] is not null),
            operation => Assert.Equal("""[{"bearer":[]},{"service":[]}]""", operation.Json["security"]!.ToJsonString()));
        Assert.Equal(
            """{"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT"},"service":{"type":"oauth2","flows":{"clientCredentials":{"tokenUrl":"/connect/token","scopes":{}}}}}""",
            WithoutDescriptions(document.Root["components"]!["securitySchemes"]!),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Document_OfACreateAndAnUpdate_NamesBodyHeadersAndCodes()
    {
        var document = await ReadAsync();
        var assign = document.Operations.Single(operation => operation.Id is "AssignHomework");
        var change = document.Operations.Single(operation => operation.Id is "ChangeHomeworkAssignment");

        Assert.Equal(["id", "Idempotency-Key"], assign.Parameters.Select(parameter => $"{parameter["name"]}"));
        Assert.Equal(["id", "If-Match"], change.Parameters.Select(parameter => $"{parameter["name"]}"));
        Assert.Equal("#/components/schemas/AssignHomeworkRequest", $"{assign.Json["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]}");
        Assert.Equal(["X-Correlation-Id", "ETag", "Location"], HeadersOf(assign, "201"));
        Assert.Equal(["X-Correlation-Id", "ETag", "Idempotency-Replayed"], HeadersOf(assign, "200"));
        Assert.Equal(["X-Correlation-Id", "ETag"], HeadersOf(change, "200"));
        Assert.Equal(
            [
                "400 homework.invalid idempotency.key_required profile.invalid request.malformed request.member_invalid", "401 auth.required auth.token_invalid",
                "403 homework.assign_forbidden profile.forbidden", "404 client.not_found resource.not_found", "409 idempotency.key_reused", "413 request.too_large",
                "415 request.unsupported_media_type", "500 server.error", "503 database.unavailable",
            ],
            assign.Responses.Where(response => response.Status[0] is not '2').Select(response => $"{response.Status} {string.Join(' ', assign.CodesOf(response.Status))}"));
        Assert.Equal(["precondition.failed", "precondition.required"], change.CodesOf("412").Concat(change.CodesOf("428")));
        Assert.Equal(["text", "scale", "choice"], EnumOf(document.Root["components"]!["schemas"]!["HomeworkQuestionRequest"]!["properties"]!["kind"]!));
    }

    [Fact]
    public async Task Document_OfAWrite_SaysWhatIsNeededAndTakesNothingElse()
    {
        var document = await ReadAsync();
        var schema = document.Root["components"]!["schemas"]!["AssignHomeworkRequest"]!;

        Assert.Equal("""["title"]""", schema["required"]!.ToJsonString());
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal("""["null","integer"]""", schema["properties"]!["submissionsWanted"]!["type"]!.ToJsonString());
    }

    private async Task<ApiDocument> ReadAsync() => await ApiDocument.ReadAsync(factory.CreateClient());

    private IEnumerable<RouteEndpoint> Mapped() => factory.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => !Undocumented.Contains(PathOf(endpoint)));

    // /api/v1/clients/{id:guid}
    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.Trim('/').Replace(":guid", "", StringComparison.Ordinal)}";

    private static IEnumerable<JsonNode?> ExamplesOf(JsonObject body) =>
        (body["example"] is { } one ? new[] { one } : []).Concat((body["examples"]?.AsObject() ?? []).Select(example => example.Value!["value"]));

    private static IEnumerable<string> HeadersOf(ApiOperation operation, string status) =>
        operation.Json["responses"]![status]!["headers"]!.AsObject().Select(header => header.Key);

    private static IEnumerable<string> EnumOf(JsonNode schema) => schema["enum"]!.AsArray().Select(value => value!.GetValue<string>());

    private static string WithoutDescriptions(JsonNode schemes)
    {
        var copy = schemes.DeepClone().AsObject();
        foreach (var (_, scheme) in copy)
        {
            scheme!.AsObject().Remove("description");
        }

        return copy.ToJsonString();
    }

    private static void AssertNone(IEnumerable<string> faults) => Assert.True(!faults.Any(), string.Join('\n', faults));

    private static bool IsBlank(JsonNode? text) => string.IsNullOrWhiteSpace(text?.GetValue<string>());
}
