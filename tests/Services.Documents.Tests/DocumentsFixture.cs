using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Documents.Tests;

/// <summary>One service with a database of its own, a stub of Services.Api and a model server in the gateway's place.</summary>
public sealed class DocumentsFixture : IAsyncLifetime
{
    public const string Collection = "documents";

    private readonly List<DocumentsApplication> _others = [];
    private DocumentsApplication? _application;
    private PracticeApiStub? _api;
    private ModelServer? _model;
    private string _connectionString = "";

    public TokenFactory Tokens { get; } = new();

    public PracticeApiStub Api => _api!;

    public ModelServer Model => _model!;

    public DocumentsApplication Application => _application!;

    public async Task InitializeAsync()
    {
        var servers = await DataServers.StartAsync();
        _connectionString = await servers.CreateDatabaseAsync("documents");
        _api = await PracticeApiStub.StartAsync(Tokens);
        _model = await ModelServer.StartAsync();
        _application = Start();
    }

    /// <summary>Another replica on the same database, with settings of its own.</summary>
    public DocumentsApplication StartWith(params (string Key, string Value)[] settings)
    {
        var application = Start(settings);
        _others.Add(application);
        return application;
    }

    /// <summary>Undoes what a test did to the neighbours, and hands out a practice nobody else has.</summary>
    public TestPractice CreatePractice(string name = "Harbour Practice", string practitionerName = "Dr. Ana Ruiz", string? timeZone = null)
    {
        Api.Fault = null;
        Model.Respond = null;
        var practice = new TestPractice(Tokens) { Name = name, PractitionerName = practitionerName, TimeZone = timeZone };
        Api.Add(practice);
        return practice;
    }

    public HttpClient ClientOf(TestPractice practice) => ClientWith(practice.PractitionerToken);

    public HttpClient ClientOf(TestPractice practice, UserRole role) => ClientWith(practice.TokenOf(role));

    public HttpClient ClientWith(string token, DocumentsApplication? application = null)
    {
        var client = (application ?? Application).CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task DisposeAsync()
    {
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await _application!.DisposeAsync();
        await _model!.DisposeAsync();
        await _api!.DisposeAsync();
        Tokens.Dispose();
    }

    private DocumentsApplication Start(params (string Key, string Value)[] settings) => new(
        new Dictionary<string, string>
        {
            ["ConnectionStrings:documentsdb"] = _connectionString,
            ["services:api:http:0"] = Api.Url,
            ["services:chat:http:0"] = new Uri(Model.BaseUrl).GetLeftPart(UriPartial.Authority),
        }
        .Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
        .ToDictionary());
}

[CollectionDefinition(DocumentsFixture.Collection)]
public sealed class DocumentsTests : ICollectionFixture<DocumentsFixture>;

internal static class DocumentRequests
{
    public static async Task<HttpResponseMessage> GenerateAsync(this HttpClient client, object request, string? key = null) =>
        await client.PostAsync("/api/v1/documents/generate", request, key);

    public static async Task<HttpResponseMessage> RefineAsync(this HttpClient client, Guid id, object request, string? key = null) =>
        await client.PostAsync($"/api/v1/documents/{id}/refine", request, key);

    public static async Task<JsonElement> GenerateDocumentAsync(this HttpClient client, object request, string? key = null) =>
        await (await client.GenerateAsync(request, key)).ReadAsync(System.Net.HttpStatusCode.Created);

    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response, System.Net.HttpStatusCode expected)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"Expected {expected}, was {response.StatusCode}: {body}");
        return body.Length == 0 ? default : JsonDocument.Parse(body).RootElement;
    }

    public static async Task AssertProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var problem = await response.ReadAsync((System.Net.HttpStatusCode)status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
    }

    private static async Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object request, string? key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(request) };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(message);
    }
}
