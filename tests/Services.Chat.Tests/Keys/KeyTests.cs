using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Keys;

/// <summary>Keys as those who lead a practice handle them.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private KeyHost? _host;

    private KeyHost Host => _host!;

    public async Task InitializeAsync() => _host = await KeyHost.StartAsync();

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    [Fact]
    public async Task Create_ByOwner_TellsTheSecretOnceAndKeepsItsHashOnly()
    {
        using var owner = Host.OwnerClient();

        using var response = await KeyHost.SendAsync(
            owner, HttpMethod.Post, "/api/v1/keys",
            new { name = " Notes batch ", scopes = new[] { "models", "chat" }, models = new[] { "LOCAL" }, requestsPerMinute = 60, tokensPerMinute = 90_000, concurrency = 4 });

        Assert.Equal((HttpStatusCode.Created, "no-store"), (response.StatusCode, $"{response.Headers.CacheControl}"));
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var (key, secret) = (body.GetProperty("key"), body.GetProperty("secret").GetString()!);
        Assert.Matches("^sk-aip-[A-Za-z0-9_-]{43}$", secret);
        var id = key.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/keys/{id}", $"{response.Headers.Location}");
        Assert.Equal(
            $$"""{"id":"{{id}}","name":"Notes batch","hint":"{{secret[..11]}}","userId":"{{Host.Owner.UserId}}","scopes":["chat","models"],"models":["default"],"requestsPerMinute":60,"tokensPerMinute":90000,"concurrency":4,"expiresAt":null,"createdAt":{{key.GetProperty("createdAt").GetRawText()}},"rotatedAt":null,"previousUntil":null,"revokedAt":null}""",
            key.GetRawText());
        Assert.Equal(key.GetRawText(), await owner.GetStringAsync($"/api/v1/keys/{id}"));
        Assert.DoesNotContain(secret[11..], await StoredAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_AgainWithTheSameIdempotencyKey_MakesNoSecondKeyAndKnowsNoSecret()
    {
        using var owner = Host.OwnerClient();
        using var first = await KeyHost.SendAsync(owner, HttpMethod.Post, "/api/v1/keys", new { name = "Once" }, idempotencyKey: "k1");

        using var again = await KeyHost.SendAsync(owner, HttpMethod.Post, "/api/v1/keys", new { name = "Once" }, idempotencyKey: "k1");
        using var other = await KeyHost.SendAsync(owner, HttpMethod.Post, "/api/v1/keys", new { name = "Twice" }, idempotencyKey: "k1");

        var made = (await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetRawText();
        Assert.Equal((HttpStatusCode.OK, $$"""{"key":{{made}}}"""), (again.StatusCode, await again.Content.ReadAsStringAsync()));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal((HttpStatusCode.Conflict, "idempotency.key_reused"), (other.StatusCode, await CodeAsync(other)));
        Assert.Equal($$"""{"items":[{{made}}]}""", await owner.GetStringAsync("/api/v1/keys"));
    }

    [Theory]
    [InlineData("""{}""", "key.invalid", "name")]
    [InlineData("""{"name":"  "}""", "key.invalid", "name")]
    [InlineData("""{"name":"a","scopes":[]}""", "key.invalid", "scopes")]
    [InlineData("""{"name":"a","scopes":["chat","chat"]}""", "key.invalid", "scopes")]
    [InlineData("""{"name":"a","scopes":["everything"]}""", "key.invalid", "scopes")]
    [InlineData("""{"name":"a","scopes":[null]}""", "key.invalid", "scopes")]
    [InlineData("""{"name":"a","models":[]}""", "key.invalid", "models")]
    [InlineData("""{"name":"a","models":["gpt-99"]}""", "key.invalid", "models[0]")]
    [InlineData("""{"name":"a","models":["local","default"]}""", "key.invalid", "models[1]")]
    [InlineData("""{"name":"a","models":[null]}""", "key.invalid", "models[0]")]
    [InlineData("""{"name":"a","requestsPerMinute":0}""", "key.invalid", "requestsPerMinute")]
    [InlineData("""{"name":"a","tokensPerMinute":-1}""", "key.invalid", "tokensPerMinute")]
    [InlineData("""{"name":"a","concurrency":10001}""", "key.invalid", "concurrency")]
    [InlineData("""{"name":"a","expiresAt":"2020-01-01T00:00:00Z"}""", "key.invalid", "expiresAt")]
    [InlineData("""{"name":"a","expiresAt":"2030-01-01T00:00:00"}""", "request.member_invalid", "expiresAt")]
    [InlineData("""{"name":"a","requestsPerMinute":"60"}""", "request.member_invalid", "requestsPerMinute")]
    [InlineData("""{"name":"a","practiceId":"0a000000-0000-7000-8000-000000000001"}""", "request.member_invalid", "practiceId")]
    public async Task Create_BadBody_IsRefusedByFieldAndMakesNothing(string body, string code, string field)
    {
        using var owner = Host.OwnerClient();

        using var response = await KeyHost.SendAsync(owner, HttpMethod.Post, "/api/v1/keys", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            (HttpStatusCode.BadRequest, code, field),
            (response.StatusCode, problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString()));
        Assert.Equal("""{"items":[]}""", await owner.GetStringAsync("/api/v1/keys"));
    }

    [Theory]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    public async Task Manage_ByWhoDoesNotLead_IsForbidden(UserRole role)
    {
        var key = await Host.CreateAsync(new { name = "a" });
        using var other = Host.Chat.CreateClient(Host.Owner with { Role = role });

        using var created = await KeyHost.SendAsync(other, HttpMethod.Post, "/api/v1/keys", new { name = "b" });
        using var revoked = await KeyHost.SendAsync(other, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);

        Assert.Equal((HttpStatusCode.Forbidden, "key.forbidden"), (created.StatusCode, await CodeAsync(created)));
        Assert.Equal((HttpStatusCode.Forbidden, "key.forbidden"), (revoked.StatusCode, await CodeAsync(revoked)));
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(Host.Program(key.Secret))).StatusCode);
    }

    [Fact]
    public async Task Create_WithTheTokenOfARun_IsForbidden()
    {
        using var agent = Host.Chat.CreateClient(Host.Owner with { RunId = Guid.CreateVersion7(), RunEnd = DateTimeOffset.UtcNow.AddMinutes(5) });

        using var response = await KeyHost.SendAsync(agent, HttpMethod.Post, "/api/v1/keys", new { name = "a" });

        Assert.Equal((HttpStatusCode.Forbidden, "key.forbidden"), (response.StatusCode, await CodeAsync(response)));
    }

    [Fact]
    public async Task List_MoreThanAPage_GoesOnFromTheCursor()
    {
        var keys = new List<Guid>();
        for (var index = 0; index < 3; index++)
        {
            keys.Insert(0, (await Host.CreateAsync(new { name = $"key {index}" })).Id);
        }

        using var owner = Host.OwnerClient();

        var first = await owner.GetFromJsonAsync<JsonElement>("/api/v1/keys?limit=2");
        var second = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/keys?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.Equal(keys, first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("id").GetGuid()));
        Assert.False(second.TryGetProperty("nextCursor", out _));
    }

    [Fact]
    public async Task Change_OnTheVersionThatWasRead_ReplacesAllOfIt()
    {
        var key = await Host.CreateAsync(new { name = "before", scopes = new[] { "chat" }, requestsPerMinute = 5 });
        using var owner = Host.OwnerClient();

        using var blind = await KeyHost.SendAsync(owner, HttpMethod.Put, $"/api/v1/keys/{key.Id}", new { name = "blind" });
        using var changed = await KeyHost.SendAsync(owner, HttpMethod.Put, $"/api/v1/keys/{key.Id}", new { name = "after", concurrency = 2 }, key.Tag);
        using var late = await KeyHost.SendAsync(owner, HttpMethod.Put, $"/api/v1/keys/{key.Id}", new { name = "late" }, key.Tag);

        Assert.Equal((HttpStatusCode.PreconditionRequired, HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (blind.StatusCode, changed.StatusCode, late.StatusCode));
        var now = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/keys/{key.Id}");
        Assert.Equal(
            ("after", 4, JsonValueKind.Null, 2),
            (now.GetProperty("name").GetString(), now.GetProperty("scopes").GetArrayLength(), now.GetProperty("requestsPerMinute").ValueKind, now.GetProperty("concurrency").GetInt32()));
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(Host.Program(key.Secret))).StatusCode);
    }

    [Fact]
    public async Task Rotate_WithoutGrace_OldSecretDiesAndTheNewOneLives()
    {
        var key = await Host.CreateAsync(new { name = "a" });
        using var old = Host.Program(key.Secret);
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(old)).StatusCode);

        var next = await RotateAsync(key, new { });

        Assert.Equal(HttpStatusCode.Unauthorized, (await KeyHost.AskAsync(old)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(Host.Program(next))).StatusCode);
    }

    [Fact]
    public async Task Rotate_WithGrace_BothSecretsLiveUntilItIsOver()
    {
        var key = await Host.CreateAsync(new { name = "a" });
        var next = await RotateAsync(key, new { graceSeconds = 30 });
        using var old = Host.Program(key.Secret);
        using var young = Host.Program(next);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await KeyHost.AskAsync(old)).StatusCode, (await KeyHost.AskAsync(young)).StatusCode));
        Host.Clock.Shift += TimeSpan.FromSeconds(31);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await KeyHost.AskAsync(old)).StatusCode, (await KeyHost.AskAsync(young)).StatusCode));
    }

    [Theory]
    [InlineData("""{"graceSeconds":-1}""")]
    [InlineData("""{"graceSeconds":86401}""")]
    public async Task Rotate_BadGrace_ChangesNothing(string body)
    {
        var key = await Host.CreateAsync(new { name = "a" });
        using var owner = Host.OwnerClient();

        using var response = await KeyHost.SendAsync(owner, HttpMethod.Post, $"/api/v1/keys/{key.Id}/rotate", new StringContent(body, Encoding.UTF8, "application/json"), key.Tag);

        Assert.Equal((HttpStatusCode.BadRequest, "key.invalid"), (response.StatusCode, await CodeAsync(response)));
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(Host.Program(key.Secret))).StatusCode);
    }

    [Fact]
    public async Task Revoke_Twice_IsDeadForGoodAndStillListed()
    {
        var key = await Host.CreateAsync(new { name = "a" });
        using var owner = Host.OwnerClient();
        using var program = Host.Program(key.Secret);
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(program)).StatusCode);

        using var first = await KeyHost.SendAsync(owner, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);
        using var second = await KeyHost.SendAsync(owner, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (first.StatusCode, second.StatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, (await KeyHost.AskAsync(program)).StatusCode);
        Assert.Equal(JsonValueKind.String, (await owner.GetFromJsonAsync<JsonElement>($"/api/v1/keys/{key.Id}")).GetProperty("revokedAt").ValueKind);
        using var changed = await KeyHost.SendAsync(owner, HttpMethod.Put, $"/api/v1/keys/{key.Id}", new { name = "b" }, "*");
        using var rotated = await KeyHost.SendAsync(owner, HttpMethod.Post, $"/api/v1/keys/{key.Id}/rotate", new { }, "*");
        Assert.Equal((HttpStatusCode.Conflict, "key.revoked"), (changed.StatusCode, await CodeAsync(changed)));
        Assert.Equal((HttpStatusCode.Conflict, "key.revoked"), (rotated.StatusCode, await CodeAsync(rotated)));
    }

    private async Task<string> RotateAsync(IssuedKey key, object body)
    {
        using var owner = Host.OwnerClient();
        using var response = await KeyHost.SendAsync(owner, HttpMethod.Post, $"/api/v1/keys/{key.Id}/rotate", body, key.Tag);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    private Task<string> StoredAsync() => Host.Chat.Services.GetRequiredService<Database>().RunAsync(
        async (connection, token) => string.Join('\n', (await connection.QueryAsync(new CommandDefinition("select * from virtual_keys", cancellationToken: token))).Select(row => $"{row}")),
        CancellationToken.None);

    private static async Task<string?> CodeAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
