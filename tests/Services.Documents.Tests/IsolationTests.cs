using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Documents.Tests;

/// <summary>Every route, asked by those it is not for.</summary>
[Collection(DocumentsFixture.Collection)]
public sealed partial class IsolationTests(DocumentsFixture fixture)
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
        var mapped = fixture.Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var open = mapped.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);
        var closed = mapped.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

        Assert.Equal(["/alive", "/health", "/openapi/{documentName}.json"], open.Select(PatternOf).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            Routes.Select(route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal),
            closed.Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} {PatternOf(endpoint)}").Order(StringComparer.Ordinal));
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
    public async Task EveryRoute_RoleWithoutAccess_IsForbiddenAndKnowsNothing(UserRole role)
    {
        var (practice, things) = await CreateThingsAsync();
        using var http = fixture.ClientOf(practice, role);

        foreach (var route in Routes)
        {
            var (status, code) = route.NamesAThing ? (404, UnknownCode(route.Path)) : (403, "document.forbidden");
            await (await SendAsync(http, route, things.For(route.Path))).AssertProblemAsync(status, code);
        }
    }

    [Fact]
    public async Task EveryRoute_OwnPractice_IsAnswered()
    {
        var (practice, things) = await CreateThingsAsync();
        using var owner = fixture.ClientOf(practice, UserRole.Owner);

        // The template goes last: its row takes it away.
        foreach (var route in Routes.OrderBy(route => route.Method == "DELETE"))
        {
            var response = await SendAsync(owner, route, things.For(route.Path), things.SessionId);
            Assert.True(response.IsSuccessStatusCode, $"{route.Method} {route.Path}: {response.StatusCode}, {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Theory]
    [InlineData(UserRole.Owner)]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Admin)]
    [InlineData(UserRole.Service)]
    [Trait("Spec", "T004-043")]
    public async Task EveryRoute_OtherPractice_KnowsNothingOfIt(UserRole role)
    {
        var (practice, things) = await CreateThingsAsync();
        using var stranger = fixture.ClientOf(fixture.CreatePractice(), role);

        foreach (var route in Routes)
        {
            var response = await SendAsync(stranger, route, things.For(route.Path), things.SessionId);
            var (status, code, body) = await ReadAsync(response);
            Assert.Equal((route, Expected(role, route)), (route, (status, code)));

            // An answer may name the id that was asked for, and nothing else of A's.
            var raw = await response.Content.ReadAsStringAsync();
            var asked = route.NamesAThing ? $"{things.For(route.Path)}" : $"{things.SessionId}";
            Assert.False(things.Signs.Any(sign => sign != asked && raw.Contains(sign, StringComparison.Ordinal)), $"{role} {route.Method} {route.Path}: {raw}");

            // Not a word tells A's thing from one that nobody has.
            var (_, _, made) = await ReadAsync(await SendAsync(stranger, route, Guid.CreateVersion7(), Guid.CreateVersion7()));
            Assert.Equal(made, body);
        }

        using var owner = fixture.ClientOf(practice, UserRole.Owner);
        var template = await (await owner.GetAsync($"/api/v1/templates/{things.TemplateId}")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(Things.TemplateName, template.GetProperty("name").GetString());
        var versions = await (await owner.GetAsync($"/api/v1/documents/{things.DocumentId}/versions")).ReadAsync(HttpStatusCode.OK);
        Assert.Equal(1, versions.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task EveryRoute_ClientWhomThePractitionerTreatsNoMore_KnowsNothingOfTheirDocuments()
    {
        var (practice, things) = await CreateThingsAsync();
        using var practitioner = fixture.ClientOf(practice);
        using var owner = fixture.ClientOf(practice, UserRole.Owner);
        var own = await practitioner.GenerateDocumentAsync(
            new { template = new { content = "## Said" }, sessionIds = new[] { things.SessionId } }, key: "while-treated");
        practice.Hide(things.ClientId);

        foreach (var route in Routes.Where(route => route.Path.StartsWith("/api/v1/documents/{id}", StringComparison.Ordinal)))
        {
            await (await SendAsync(practitioner, route, things.DocumentId)).AssertProblemAsync(404, "document.not_found");
            await (await SendAsync(practitioner, route, own.GetProperty("id").GetGuid())).AssertProblemAsync(404, "document.not_found");
            if (route.Method is "GET")
            {
                await (await SendAsync(owner, route, things.DocumentId)).ReadAsync(HttpStatusCode.OK);
            }
        }

        var replayed = await practitioner.GenerateAsync(new { template = new { content = "## Said" }, sessionIds = new[] { things.SessionId } }, key: "while-treated");
        await replayed.AssertProblemAsync(404, "document.not_found");
    }

    [Fact]
    public async Task Generate_KeyOfAnotherPracticesDocument_IsADocumentOfItsOwn()
    {
        var (practice, things) = await CreateThingsAsync();
        var other = fixture.CreatePractice();
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        var session = other.AddSession(other.AddClient("Another Person"), "client: I am well.");
        using var owner = fixture.ClientOf(practice, UserRole.Owner);
        using var stranger = fixture.ClientOf(other, UserRole.Owner);
        var first = await owner.GenerateDocumentAsync(new { template = new { content = "## Said" }, sessionIds = new[] { things.SessionId } }, key: "shared-key");

        await (await stranger.GenerateAsync(new { template = new { content = "## Said" }, sessionIds = new[] { things.SessionId } }, key: "shared-key"))
            .AssertProblemAsync(404, "session.not_found");
        var second = await stranger.GenerateDocumentAsync(new { template = new { content = "## Said" }, sessionIds = new[] { session } }, key: "shared-key");

        var replayed = await stranger.GenerateDocumentAsync(new { template = new { content = "## Said" }, sessionIds = new[] { session } }, key: "shared-key");

        Assert.NotEqual(first.GetProperty("id").GetGuid(), second.GetProperty("id").GetGuid());
        Assert.Equal(second.GetProperty("id").GetGuid(), replayed.GetProperty("id").GetGuid());
        Assert.DoesNotContain(Things.Words, second.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_WithAnotherPracticesTemplateOrClient_IsNotFound()
    {
        var (_, things) = await CreateThingsAsync();
        var other = fixture.CreatePractice();
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        var session = other.AddSession(other.AddClient("Another Person"), "client: I am well.");
        using var stranger = fixture.ClientOf(other, UserRole.Owner);

        await (await stranger.GenerateAsync(new { template = new { id = things.TemplateId }, sessionIds = new[] { session } }))
            .AssertProblemAsync(404, "template.not_found");
        await (await stranger.GenerateAsync(new { template = new { content = "## Said" }, sessionIds = new[] { session }, clientId = things.ClientId }))
            .AssertProblemAsync(404, "client.not_found");
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

    private static string PatternOf(RouteEndpoint endpoint) =>
        $"/{endpoint.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal).Replace("{version:int}", "1", StringComparison.Ordinal).Trim('/')}";

    private static (int Status, string? Code) Expected(UserRole role, (string Method, string Path, object? Body, bool NamesAThing) route) => (role, route) switch
    {
        (_, { NamesAThing: true, Path: var path }) => (404, UnknownCode(path)),
        (UserRole.Reception or UserRole.Client or UserRole.Service, _) => (403, "document.forbidden"),
        (_, { Path: "/api/v1/documents/generate" }) => (404, "session.not_found"),
        (_, { Method: "POST" }) => (201, null),
        _ => (200, null),
    };

    private static string UnknownCode(string path) =>
        path.StartsWith("/api/v1/templates", StringComparison.Ordinal) ? "template.not_found" : "document.not_found";

    private async Task<(TestPractice Practice, Things Things)> CreateThingsAsync()
    {
        var practice = fixture.CreatePractice();
        var client = practice.AddClient("One Person");
        var session = practice.AddSession(client, $"client: {Things.Words}.");
        fixture.Model.Respond = Drafts.QuoteFirstClientSegment;
        using var owner = fixture.ClientOf(practice, UserRole.Owner);
        var template = await (await owner.PostAsJsonAsync("/api/v1/templates", new { name = Things.TemplateName, content = "## A", type = "clinic" })).ReadAsync(HttpStatusCode.Created);
        var document = await owner.GenerateDocumentAsync(new { template = new { content = "## Said" }, sessionIds = new[] { session } });
        return (practice, new(template.GetProperty("id").GetGuid(), document.GetProperty("id").GetGuid(), session, client));
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient http, (string Method, string Path, object? Body, bool NamesAThing) route, Guid id, Guid? sessionId = null)
    {
        using var message = new HttpRequestMessage(new(route.Method), route.Path.Replace(Id, id.ToString(), StringComparison.Ordinal));
        var body = route.Body is null ? null : JsonSerializer.Serialize(route.Body).Replace($"{Guid.Empty}", $"{sessionId ?? Guid.Empty}", StringComparison.Ordinal);
        message.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await http.SendAsync(message);
    }

    // Without what is made anew for each answer: trace ids, ids, times.
    private static async Task<(int Status, string? Code, string Body)> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        var code = body.Length > 0 && JsonElement.Parse(body).TryGetProperty("code", out var text) ? text.GetString() : null;
        return ((int)response.StatusCode, code, Made().Replace(body, "~"));
    }

    [GeneratedRegex("""[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)""")]
    private static partial Regex Made();

    private sealed record Things(Guid TemplateId, Guid DocumentId, Guid SessionId, Guid ClientId)
    {
        public const string Words = "I am fine with alpha";
        public const string TemplateName = "template of alpha";

        public IEnumerable<string> Signs => [$"{TemplateId}", $"{DocumentId}", $"{SessionId}", $"{ClientId}", Words, TemplateName];

        public Guid For(string path) => path.StartsWith("/api/v1/templates", StringComparison.Ordinal) ? TemplateId : DocumentId;
    }
}
