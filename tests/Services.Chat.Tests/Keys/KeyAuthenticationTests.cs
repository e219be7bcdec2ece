using System.ClientModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Keys.Authentication;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;

namespace AiPlatform.Services.Chat.Tests.Keys;

/// <summary>What a key opens, and what it does not.</summary>
public sealed class KeyAuthenticationTests : IAsyncLifetime
{
    private const string NoAccess = """{"error":{"message":"A valid access token is needed.","type":"authentication_error","param":null,"code":"invalid_api_key"}}""";

    private KeyHost? _host;

    private KeyHost Host => _host!;

    public async Task InitializeAsync() => _host = await KeyHost.StartAsync();

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    [Fact]
    public async Task Call_WithKey_ActsForWhoMadeItAndForNobodyElse()
    {
        var stranger = new TestToken { Role = UserRole.Owner };
        using var program = Host.Program((await Host.CreateAsync(new { name = "a" })).Secret);
        using var strangers = Host.Program((await Host.CreateAsync(new { name = "b" }, stranger)).Secret);
        using var owner = Host.OwnerClient();

        using var made = await program.PostAsJsonAsync("/v1/responses", new { model = "local", input = "hello" });

        var path = $"/v1/responses/{(await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()}";
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound),
            ((await program.GetAsync(path)).StatusCode, (await owner.GetAsync(path)).StatusCode, (await strangers.GetAsync(path)).StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await strangers.DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Call_ByTheOfficialClientWithKey_IsAnsweredAndToldOfTheLimit()
    {
        var key = await Host.CreateAsync(new { name = "a", requestsPerMinute = 1_000 });
        var client = new ChatClient("local", new ApiKeyCredential(key.Secret), new OpenAIClientOptions { Endpoint = new Uri(Host.Chat.Url, "/v1") });

        var answer = await client.CompleteChatAsync("Hello there");

        Assert.EndsWith("(Answered by the built-in `local` model.)", answer.Value.Content[0].Text, StringComparison.Ordinal);
        Assert.True(answer.GetRawResponse().Headers.TryGetValue("x-ratelimit-limit-requests", out var limit));
        Assert.Equal("1000", limit);
    }

    [Fact]
    public async Task EveryOtherRoute_WithKey_KnowsNoSuchToken()
    {
        using var program = Host.Program((await Host.CreateAsync(new { name = "a" })).Secret);
        var others = Host.Chat.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<TakesVirtualKeys>() is null && endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is null)
            .Select(endpoint => (Method: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single(), Path: Filled(endpoint.RoutePattern.RawText!)))
            .ToList();

        Assert.Contains(("GET", "/stats"), others);
        Assert.Contains(("GET", "/chat/ws"), others);
        foreach (var (method, path) in others)
        {
            using var response = await KeyHost.SendAsync(program, new(method), path, new { });
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Socket_WithKeyInTheQuery_IsUnauthorized()
    {
        var key = await Host.CreateAsync(new { name = "a" });
        using var nobody = Host.Chat.CreateClient();

        using var response = await nobody.GetAsync($"/chat/ws?token={key.Secret}");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("chat", "POST", "/v1/chat/completions", 200)]
    [InlineData("chat", "POST", "/chat/completions", 200)]
    [InlineData("chat", "GET", "/v1/models", 403)]
    [InlineData("chat", "GET", "/v1/models/local", 403)]
    [InlineData("chat", "POST", "/v1/responses", 403)]
    [InlineData("chat", "GET", "/v1/responses/resp_1", 403)]
    [InlineData("chat", "DELETE", "/responses/resp_1", 403)]
    [InlineData("chat", "POST", "/v1/responses/resp_1/cancel", 403)]
    [InlineData("chat", "POST", "/v1/embeddings", 403)]
    [InlineData("models", "POST", "/v1/chat/completions", 403)]
    [InlineData("models", "GET", "/v1/models", 200)]
    public async Task Call_ScopeOfTheRoute_DecidesIt(string scope, string method, string path, int status)
    {
        using var program = Host.Program((await Host.CreateAsync(new { name = "a", scopes = new[] { scope } })).Secret);

        // The second call finds its key known.
        using var first = await KeyHost.SendAsync(program, new(method), path, new { model = "local", messages = new[] { new { role = "user", content = "x" } } });
        using var response = await KeyHost.SendAsync(program, new(method), path, new { model = "local", messages = new[] { new { role = "user", content = "x" } } });

        Assert.Equal((status, status), ((int)first.StatusCode, (int)response.StatusCode));
        if (status == 403)
        {
            var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
            Assert.Equal(("permission_error", "insufficient_permissions"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        }
    }

    [Theory]
    [InlineData("sk-aip-")]
    [InlineData("sk-aip-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sk-aip-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sk-aip-é")]
    public async Task Call_WithWhatIsNoKey_IsUnauthorizedInTheEnvelope(string secret)
    {
        using var nobody = Host.Chat.CreateClient();
        nobody.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {Uri.EscapeDataString(secret)}");

        using var response = await nobody.GetAsync("/v1/models");

        Assert.Equal((HttpStatusCode.Unauthorized, NoAccess), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Call_AfterItsExpiry_IsUnauthorized()
    {
        using var program = Host.Program((await Host.CreateAsync(new { name = "a", expiresAt = Host.Clock.GetUtcNow().AddMinutes(5) })).Secret);
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(program)).StatusCode);

        Host.Clock.Shift += TimeSpan.FromMinutes(5);

        Assert.Equal(HttpStatusCode.Unauthorized, (await KeyHost.AskAsync(program)).StatusCode);
    }

    [Fact]
    public async Task Call_ModelThatIsNotTheKeys_IsUnknownToIt()
    {
        var file = Path.Combine(Path.GetTempPath(), $"models-{Guid.CreateVersion7():N}.yaml");
        await File.WriteAllTextAsync(file, """
            default: first
            groups:
              - { name: first, aliases: [one], endpoints: [{ name: a, provider: local }] }
              - { name: second, aliases: [two], endpoints: [{ name: b, provider: local }] }
            """);
        await using var host = await KeyHost.StartAsync(("MODELS_CONFIG", file));
        File.Delete(file);
        using var program = host.Program((await host.CreateAsync(new { name = "a", models = new[] { "two" } })).Secret);

        using var allowed = await KeyHost.AskAsync(program, "two");
        using var refused = await KeyHost.AskAsync(program, "one");
        using var unnamed = await program.PostAsJsonAsync("/v1/responses", new { input = "hello" });
        using var single = await program.GetAsync("/v1/models/first");
        var list = await program.GetFromJsonAsync<JsonElement>("/v1/models");

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(
            (HttpStatusCode.NotFound, """{"error":{"message":"There is no model \u0027one\u0027.","type":"invalid_request_error","param":"model","code":"model_not_found"}}"""),
            (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (unnamed.StatusCode, single.StatusCode));
        Assert.Equal(["second", "two"], list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
    }

    private static string Filled(string pattern) => $"/{pattern.Trim('/')}"
        .Replace("{id:guid}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal)
        .Replace("{id}", "session-1", StringComparison.Ordinal)
        .Replace("{session_id}", "session-1", StringComparison.Ordinal);
}
