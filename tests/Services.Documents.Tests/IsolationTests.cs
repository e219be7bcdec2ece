using System.Net;
using System.Net.Http.Json;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Documents.Tests;

/// <summary>Every route, asked by those it is not for.</summary>
[Collection(DocumentsFixture.Collection)]
public sealed class IsolationTests(DocumentsFixture fixture)
{
    private const string Id = "{id}";

    // Method, path, body; whether the path names a thing of the practice.
    private static readonly (string Method, string Path, object? Body, bool NamesAThing)[] Routes =
    [
        ("GET", "/api/v1/templates", null, false),
        ("GET", "/api/v1/templates/{id}", null, true),
        ("POST", "/api/v1/templates", new { name = "x", content = "## A" }, false),
        ("PUT", "/api/v1/templates/{id}", new { name = "x", content = "## A" }, true),
        ("DELETE", "/api/v1/templates/{id}", null, true),
        ("GET", "/api/v1/documents", null, false),
        ("GET", "/api/v1/documents/{id}", null, true),
        ("GET", "/api/v1/documents/{id}/versions", null, true),
        ("GET", "/api/v1/documents/{id}/versions/1", null, true),
        ("POST", "/api/v1/documents/generate", new { template = new { content = "## A" }, sessionIds = new[] { Guid.Empty } }, false),
        ("POST", "/api/v1/documents/{id}/refine", new { instructions = "x" }, true),
    ];

    [Fact]
    public void Routes_OfTheService_AreAllInTheTable()
    {
        var mapped = fixture.Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} {endpoint.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal).Replace("{version:int}", "1", StringComparison.Ordinal).TrimEnd('/')}");

        Assert.Equal(mapped.Order(), Routes.Select(route => $"{route.Method} {route.Path}").Order());
    }

    [Fact]
    public async Task EveryRoute_NoToken_IsUnauthorized()
    {
        using var http = fixture.Application.CreateClient();

        foreach (var route in Routes)
        {
            await (await SendAsync(http, route, Guid.CreateVersion7())).AssertProblemAsync(401, "auth.required");
        }
    }

    [Theory]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Service)]
    public async Task EveryRoute_RoleWithoutAccess_IsForbidden(UserRole role)
    {
        var (practice, _, documentId) = await CreateThingsAsync();
        using var http = fixture.ClientOf(practice, role);

        foreach (var route in Routes)
        {
            await (await SendAsync(http, route, documentId)).AssertProblemAsync(403, "document.forbidden");
        }
    }

    [Fact]
    public async Task EveryThing_OtherPractice_IsNotFound()
    {
        var (practice, templateId, documentId) = await CreateThingsAsync();
        using var stranger = fixture.ClientOf(fixture.CreatePractice(), UserRole.Owner);

        foreach (var route in Routes.Where(route => route.NamesAThing))
        {
            var isTemplate = route.Path.StartsWith("/api/v1/templates", StringComparison.Ordinal);
            await (await SendAsync(stranger, route, isTemplate ? templateId : documentId))
                .AssertProblemAsync(404, isTemplate ? "template.not_found" : "document.not_found");
        }

        using var owner = fixture.ClientOf(practice, UserRole.Owner);
        await (await owner.GetAsync($"/api/v1/templates/{templateId}")).ReadAsync(HttpStatusCode.OK);
        var versions = await (await owner.GetAsync($"/api/v1/documents/{documentId}/versions")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(1, versions.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task OpenApi_WithoutToken_NamesEveryRoute()
    {
        using var http = fixture.Application.CreateClient();

        var document = await (await http.GetAsync("/openapi/v1.json")).ReadAsync(HttpStatusCode.OK);

        Assert.Equal(
            Routes.Select(route => route.Path.Replace("versions/1", "versions/{version}", StringComparison.Ordinal)).Distinct().Order(),
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name.TrimEnd('/')).Where(path => path.StartsWith("/api/", StringComparison.Ordinal)).Order());
    }

    private async Task<(TestPractice Practice, Guid TemplateId, Guid DocumentId)> CreateThingsAsync()
    {
        var practice = fixture.CreatePractice();
        var session = practice.AddSession(practice.AddClient("One Person"), "client: I am fine.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        using var owner = fixture.ClientOf(practice, UserRole.Owner);
        var template = await (await owner.PostAsJsonAsync("/api/v1/templates", new { name = "x", content = "## A", type = "clinic" })).ReadAsync(HttpStatusCode.Created);
        var document = await owner.GenerateDocumentAsync(new { template = new { content = "## Said" }, sessionIds = new[] { session } });
        return (practice, template.GetProperty("id").GetGuid(), document.GetProperty("id").GetGuid());
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, (string Method, string Path, object? Body, bool NamesAThing) route, Guid id)
    {
        using var message = new HttpRequestMessage(new(route.Method), route.Path.Replace(Id, id.ToString(), StringComparison.Ordinal));
        message.Content = route.Body is null ? null : JsonContent.Create(route.Body);
        return await http.SendAsync(message);
    }
}
