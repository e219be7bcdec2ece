using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;
using Aspire.Hosting.Testing;

namespace AiPlatform.Distributed.Tests;

/// <summary>One issuer, three services: what a token is worth at each of them, and from sign-in to the first answer.</summary>
[Collection(GraphTests.Name)]
public sealed class AuthTests(GraphFixture graph)
{
    private static readonly (string Resource, string Path)[] Services = [("api", "/api/v1/me"), ("documents", "/api/v1/templates"), ("chat", "/api/v1/threads")];

    // A clock may be 30 seconds off. Time goes on while a test runs: what is accepted has room, what is refused is refused a second later too, or
    // has more room than a request may take.
    public static TheoryData<string, HttpStatusCode> Edges => new()
    {
        { "valid", HttpStatusCode.OK },
        { "another issuer", HttpStatusCode.Unauthorized },
        { "the issuer with a slash", HttpStatusCode.Unauthorized },
        { "another audience", HttpStatusCode.Unauthorized },
        { "expired 10 seconds ago", HttpStatusCode.OK },
        { "expired 31 seconds ago", HttpStatusCode.Unauthorized },
        { "valid in 29 seconds", HttpStatusCode.OK },
        { "valid in 60 seconds", HttpStatusCode.Unauthorized },
    };

    [Fact]
    [Trait("Spec", "T004-145")]
    public async Task Token_AtEachService_IsAcceptedAndRefusedAlike()
    {
        var token = await graph.SignInAsync();
        var parts = token.Split('.');
        var (unsigned, another) = (Encode("""{"alg":"none","typ":"JWT"}"""), Decode(parts[1]).Replace("practitioner", "owner", StringComparison.Ordinal));
        (string? Token, HttpStatusCode Status, string Challenge)[] cases =
        [
            (token, HttpStatusCode.OK, ""),
            (null, HttpStatusCode.Unauthorized, "Bearer"),
            ("x", HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""),
            ($"{parts[0]}.{parts[1]}.{parts[1]}", HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""),
            ($"{parts[0]}.{Encode(another)}.{parts[2]}", HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""),
            ($"{unsigned}.{parts[1]}.", HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""),
        ];

        foreach (var (sent, status, challenge) in cases)
        {
            foreach (var (resource, path) in Services)
            {
                using var http = graph.App.CreateHttpClient(resource);
                http.DefaultRequestHeaders.Authorization = sent is null ? null : new AuthenticationHeaderValue("Bearer", sent);
                using var response = await http.GetAsync(path);

                Assert.Equal((resource, status, challenge), (resource, response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Edges))]
    [Trait("Spec", "T004-150")]
    public async Task Settings_OfEachService_TakeTheSameIssuerAudienceAndClocks(string what, HttpStatusCode status)
    {
        using var tokens = TokenFactory.OfRunningApi((await graph.App.GetConnectionStringAsync("practicedb"))!);

        foreach (var (resource, path) in ((string, string)[])[("api", "/api/v1/clients?limit=1"), ("documents", "/api/v1/templates"), ("chat", "/api/v1/threads")])
        {
            // Each time anew, so that no earlier answer brings a token nearer to its edge.
            using var http = graph.CreateClient(resource, tokens.Issue(AtTheEdge(what)));
            using var response = await http.GetAsync(path);

            Assert.Equal((resource, status), (resource, response.StatusCode));
        }
    }

    [Fact]
    [Trait("Spec", "T004-148")]
    public async Task Refresh_MidSession_TheNewTokenGoesOnEverywhereAndTheOldRefreshTokenDoesNot()
    {
        using var api = graph.App.CreateHttpClient("api");
        var first = await SignInAsync(api);
        await using var socket = await Conversation.OpenAsync(graph.App, first.AccessToken, NewSessionId());

        var second = await RefreshAsync(api, first.RefreshToken);
        await socket.SendAsync(new
        {
            type = "ui_state_update",
            changeType = "active_tab",
            payload = "notes",
            timestamp = DateTimeOffset.UtcNow,
            page_type = "transcribe_page",
            page_url = "/transcribe",
            auth_token = second.AccessToken,
        });
        var acknowledged = (await socket.ReadUntilAsync("ui_state_ack"))[^1];
        var run = await Conversation.SayAsync(socket, "Which clients do I have?");

        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.True(acknowledged.Json.GetProperty("success").GetBoolean(), acknowledged.Raw);
        Assert.Equal("completed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        foreach (var (resource, path) in Services)
        {
            using var http = graph.CreateClient(resource, second.AccessToken);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
        }

        using var again = await api.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = first.RefreshToken });
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    [Trait("Spec", "T004-146")]
    public async Task Logout_WithAnOpenSocket_ClosesItAndLetsNoOtherIn()
    {
        using var anonymous = graph.App.CreateHttpClient("api");
        var (leaving, staying) = (await SignInAsync(anonymous), await SignInAsync(anonymous));
        await using var left = await Conversation.OpenAsync(graph.App, leaving.AccessToken, NewSessionId());
        await using var stayed = await Conversation.OpenAsync(graph.App, staying.AccessToken, NewSessionId());
        using var api = graph.CreateClient("api", leaving.AccessToken);

        using var response = await api.PostAsync("/api/v1/auth/logout", content: null);
        await left.ReadUntilClosedAsync();
        await using var again = await ChatSocket.ConnectAsync(graph.ChatSocketUri(NewSessionId()), leaving.AccessToken);
        await again.ReadUntilClosedAsync();
        var run = await Conversation.SayAsync(stayed, "Which clients do I have?");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((4401, "signed out"), (left.CloseStatus, left.CloseReason));
        Assert.Equal((4401, "signed out"), (again.CloseStatus, again.CloseReason));
        Assert.Equal("completed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
    }

    [Fact]
    [Trait("Spec", "T004-149")]
    public async Task Handshake_FromDiscoveryToTheFirstAnswer_HoldsTogether()
    {
        using var api = graph.App.CreateHttpClient("api");
        var discovery = await api.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration");
        var keys = await api.GetFromJsonAsync<JsonElement>(new Uri(discovery.GetProperty("jwks_uri").GetString()!).PathAndQuery);
        var (token, _) = await SignInAsync(api);
        var (header, claims) = (JsonDocument.Parse(Decode(token.Split('.')[0])).RootElement, JsonDocument.Parse(Decode(token.Split('.')[1])).RootElement);

        await using var socket = await ChatSocket.ConnectAsync(graph.ChatSocketUri(NewSessionId()), token);
        var greeting = await socket.ReadUntilAsync("websocket_ready");
        var run = await Conversation.SayAsync(socket, "Which clients do I have?");

        Assert.Equal(discovery.GetProperty("issuer").GetString(), claims.GetProperty("iss").GetString());
        Assert.Contains(header.GetProperty("kid").GetString(), keys.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()));
        Assert.Equal(["websocket_ready"], greeting.Select(frame => frame.Type));
        FrameRules.Check(run);
        Assert.Equal("completed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
        Assert.NotEqual("", run.Single(frame => frame.Type is "text_completed").Json.GetProperty("content").GetString());
    }

    [Fact]
    [Trait("Spec", "T004-147")]
    public async Task Request_ThroughSeveralServices_IsLoggedUnderItsUserAtEach()
    {
        var token = await graph.SignInAsync();
        var userId = JsonDocument.Parse(Decode(token.Split('.')[1])).RootElement.GetProperty("sub").GetString();
        using var api = graph.CreateClient("api", token);
        using var documents = graph.CreateClient("documents", token);
        var session = (await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=1")).GetProperty("items")[0];
        var template = (await documents.GetFromJsonAsync<JsonElement>("/api/v1/templates?searchQuery=progress")).GetProperty("items")[0].GetProperty("id").GetString();
        var trace = ActivityTraceId.CreateRandom().ToHexString();

        await SendAsync(documents, trace, "/api/v1/documents/generate", new { template = new { id = template }, sessionIds = new[] { session.GetProperty("sessionId").GetString() } });
        await SendAsync(api, trace, $"/api/v1/clients/{session.GetProperty("clientId").GetString()}/homework", new { title = "A walk" });

        var logs = (await graph.Collector.WaitForLogsAsync(logs => ServicesOf(logs).IsSupersetOf(["api", "documents"]))).Where(log => log.TraceId == trace).ToList();
        Assert.All(logs, log => Assert.Equal((log.ServiceName, log.Body, userId), (log.ServiceName, log.Body, log.Attributes.GetValueOrDefault("user.id"))));

        HashSet<string> ServicesOf(IEnumerable<CollectedLog> logs) => [.. logs.Where(log => log.TraceId == trace).Select(log => log.ServiceName)];
    }

    [Fact]
    [Trait("Spec", "T000-164")]
    public async Task SearchClients_OfAPractitioner_CarriesTheTokenOfItsRunAndTheProfile()
    {
        var token = await graph.SignInAsync();
        var caller = ClaimsOf(token);
        await using var socket = await Conversation.OpenAsync(graph.App, token, NewSessionId());

        var run = await Conversation.SayAsync(socket, "Find the client Maya Lindqvist");

        Assert.Equal(["search_clients"], Conversation.ToolsOf(run));
        var search = Assert.Single(graph.Tap.Requests, request =>
            request.Path.StartsWith("/api/v1/clients", StringComparison.Ordinal) && RunOf(request.Authorization) == $"{run[0].RunId}");
        Assert.Equal(caller.GetProperty("sub").GetString(), ClaimsOf(search.Authorization["Bearer ".Length..]).GetProperty("sub").GetString());
        Assert.Equal(caller.GetProperty("profile_id").GetString(), search.ProfileId);

        static string? RunOf(string authorization) =>
            authorization.StartsWith("Bearer ", StringComparison.Ordinal) && ClaimsOf(authorization["Bearer ".Length..]).TryGetProperty("run_id", out var id) ? id.GetString() : null;
    }

    private static TestToken AtTheEdge(string what)
    {
        var now = DateTimeOffset.UtcNow;
        var hourAgo = now.AddHours(-1);
        var token = new TestToken { Role = UserRole.Owner, IssuedAt = hourAgo, Lifetime = TimeSpan.FromHours(2) };
        return what switch
        {
            "another issuer" => token with { Issuer = "https://elsewhere.example" },
            "the issuer with a slash" => token with { Issuer = $"{TokenFactory.DefaultIssuer}/" },
            "another audience" => token with { Audience = "elsewhere" },
            "expired 10 seconds ago" => token with { Lifetime = now.AddSeconds(-10) - hourAgo },
            "expired 31 seconds ago" => token with { Lifetime = now.AddSeconds(-31) - hourAgo },
            "valid in 29 seconds" => token with { NotBefore = now.AddSeconds(29) },
            "valid in 60 seconds" => token with { NotBefore = now.AddSeconds(60) },
            _ => token,
        };
    }

    private static async Task SendAsync(HttpClient http, string trace, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        request.Headers.Add("Idempotency-Key", $"{Guid.CreateVersion7()}");
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static JsonElement ClaimsOf(string token) => JsonElement.Parse(Decode(token.Split('.')[1]));

    private static async Task<(string AccessToken, string RefreshToken)> SignInAsync(HttpClient api)
    {
        var user = (await api.GetFromJsonAsync<List<JsonElement>>("/api/v1/sample-users"))!.First(user => user.GetProperty("role").GetString() is "practitioner");
        using var response = await api.PostAsJsonAsync(
            "/api/v1/auth/login", new { email = user.GetProperty("email").GetString(), password = user.GetProperty("password").GetString() });
        return await ReadTokensAsync(response);
    }

    private static async Task<(string AccessToken, string RefreshToken)> RefreshAsync(HttpClient api, string refreshToken)
    {
        using var response = await api.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken });
        return await ReadTokensAsync(response);
    }

    private static async Task<(string AccessToken, string RefreshToken)> ReadTokensAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        var data = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        return (data.GetProperty("accessToken").GetString()!, data.GetProperty("refreshToken").GetString()!);
    }

    private static string NewSessionId() => $"auth-{Guid.CreateVersion7():N}";

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Decode(string text) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text));
}
