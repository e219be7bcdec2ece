using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.Identity;

public sealed class TokenEndpointTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";

    private readonly HttpClient _client = factory.CreateClient();

    [Fact]
    public async Task Grant_NullCharacterInTheForm_IsNoForm()
    {
        var form = new StringContent("grant_type=client_credentials&practice_id=%00", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");

        var refused = await (await factory.CreateClient().PostAsync("/connect/token", form)).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal("invalid_request", refused.GetProperty("error").GetString());
    }

    [Fact]
    public async Task ClientCredentials_KnownService_ReadsItsPracticeOnly()
    {
        var answer = await GrantAsync(("grant_type", "client_credentials"), ("practice_id", $"{ApiFactory.PracticeA}"));

        var service = ClientWith(answer.GetProperty("access_token").GetString()!);
        Assert.Equal(("Bearer", 600), (answer.GetProperty("token_type").GetString(), answer.GetProperty("expires_in").GetInt32()));
        Assert.Equal("service", (await service.GetJsonAsync("/api/v1/me")).GetProperty("role").GetString());
        await service.GetJsonAsync($"/api/v1/clients/{ApiFactory.TomOkafor}");
        await (await service.GetAsync($"/api/v1/clients/{ApiFactory.TomBeaumont}")).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
    }

    [Theory]
    [InlineData("client_credentials", ApiFactory.ServiceId, "another-secret-of-some-length", 401, "invalid_client")]
    [InlineData("client_credentials", "stranger", ApiFactory.ServiceSecret, 401, "invalid_client")]
    [InlineData("client_credentials", null, null, 401, "invalid_client")]
    [InlineData("password", ApiFactory.ServiceId, ApiFactory.ServiceSecret, 400, "unsupported_grant_type")]
    [InlineData("", ApiFactory.ServiceId, ApiFactory.ServiceSecret, 400, "invalid_request")]
    [InlineData("client_credentials", ApiFactory.ServiceId, ApiFactory.ServiceSecret, 400, "invalid_request")]
    [InlineData(Exchange, ApiFactory.ServiceId, ApiFactory.ServiceSecret, 400, "invalid_request")]
    public async Task Grant_Refused_SaysWhyInOAuthWords(string grant, string? id, string? secret, int status, string error)
    {
        var response = await PostAsync(("grant_type", grant), ("client_id", id), ("client_secret", secret), ("practice_id", $"{Guid.NewGuid()}"));

        Assert.Equal(error, (await response.ReadAsync((HttpStatusCode)status)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Exchange_UsersToken_GivesTheSameUserForTheRun()
    {
        var runId = Guid.NewGuid();

        var answer = await ExchangeAsync(await UserTokenAsync(), runId, InHours(1));

        var claims = ClaimsOf(answer.GetProperty("access_token").GetString()!);
        Assert.Equal((300, AccessToken), (answer.GetProperty("expires_in").GetInt32(), answer.GetProperty("issued_token_type").GetString()));
        Assert.Equal(
            ("0a000000-0000-7000-8000-000000000201", "practitioner", $"{ApiFactory.PracticeA}", "0a000000-0000-7000-8000-000000000101", $"{runId}"),
            (Text(claims, "sub"), Text(claims, "role"), Text(claims, "practice_id"), Text(claims, "profile_id"), Text(claims, "run_id")));
        await ClientWith(answer.GetProperty("access_token").GetString()!).GetJsonAsync($"/api/v1/clients/{ApiFactory.TomOkafor}");
    }

    [Fact]
    public async Task Exchange_RunsOwnToken_RenewsWithTheSameEnd()
    {
        var runId = Guid.NewGuid();
        var end = InHours(1);
        var first = await ExchangeAsync(await UserTokenAsync(), runId, end);

        var renewed = await ExchangeAsync(first.GetProperty("access_token").GetString()!, runId, runEnd: null);

        Assert.Equal(end, ClaimsOf(renewed.GetProperty("access_token").GetString()!).GetProperty("run_end").GetInt64());
    }

    [Fact]
    public async Task Exchange_RunEndsSoon_TokenDiesWithTheRun()
    {
        var token = await UserTokenAsync();
        var end = DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds();

        var answer = await ExchangeAsync(token, Guid.NewGuid(), end);

        Assert.InRange(ClaimsOf(answer.GetProperty("access_token").GetString()!).GetProperty("exp").GetInt64(), end - 120, end);
    }

    [Fact]
    public async Task Exchange_RunEndFarAway_CappedAtTwentyFiveHours()
    {
        var answer = await ExchangeAsync(await UserTokenAsync(), Guid.NewGuid(), InHours(500));

        Assert.InRange(ClaimsOf(answer.GetProperty("access_token").GetString()!).GetProperty("run_end").GetInt64(), InHours(24), InHours(25));
    }

    [Fact]
    public async Task Exchange_RunTokenForAnotherRun_Refused()
    {
        var first = await ExchangeAsync(await UserTokenAsync(), Guid.NewGuid(), InHours(1));

        var response = await PostExchangeAsync(first.GetProperty("access_token").GetString()!, $"{Guid.NewGuid()}", null);

        await AssertErrorAsync(response, "invalid_grant");
    }

    [Fact]
    public async Task Exchange_RunTokenWithLaterEnd_Refused()
    {
        var runId = Guid.NewGuid();
        var first = await ExchangeAsync(await UserTokenAsync(), runId, InHours(1));

        var response = await PostExchangeAsync(first.GetProperty("access_token").GetString()!, $"{runId}", $"{InHours(2)}");

        await AssertErrorAsync(response, "invalid_request");
    }

    [Fact]
    public async Task Exchange_RunHasEnded_Refused() =>
        await AssertErrorAsync(await PostExchangeAsync(await UserTokenAsync(), $"{Guid.NewGuid()}", $"{InHours(-1)}"), "invalid_grant");

    [Fact]
    public async Task Exchange_ServicesToken_Refused()
    {
        var service = await GrantAsync(("grant_type", "client_credentials"), ("practice_id", $"{ApiFactory.PracticeA}"));

        var response = await PostExchangeAsync(service.GetProperty("access_token").GetString()!, $"{Guid.NewGuid()}", $"{InHours(1)}");

        await AssertErrorAsync(response, "invalid_grant");
    }

    [Fact]
    public async Task Exchange_ChangedToken_Refused()
    {
        var token = await UserTokenAsync();
        var changed = (token[0] == 'e' ? "f" : "e") + token[1..];

        await AssertErrorAsync(await PostExchangeAsync(changed, $"{Guid.NewGuid()}", $"{InHours(1)}"), "invalid_grant");
    }

    [Theory]
    [InlineData("not-a-guid", "1")]
    [InlineData("7d9f7ac1-6a0c-4b2d-9d5e-000000000001", null)]
    [InlineData("7d9f7ac1-6a0c-4b2d-9d5e-000000000001", "tomorrow")]
    public async Task Exchange_BadRunIdOrEnd_Refused(string runId, string? runEnd) =>
        await AssertErrorAsync(await PostExchangeAsync(await UserTokenAsync(), runId, runEnd), "invalid_request");

    [Fact]
    public async Task Discovery_And_Keys_NameTheKeyThatSigned()
    {
        var discovery = await _client.GetJsonAsync("/.well-known/openid-configuration");
        var keys = await _client.GetJsonAsync(new Uri(discovery.GetProperty("jwks_uri").GetString()!).PathAndQuery);

        var header = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars((await UserTokenAsync()).Split('.')[0])).RootElement;
        var key = Assert.Single(keys.GetProperty("keys").EnumerateArray());
        Assert.Equal("https://aiplatform.local", discovery.GetProperty("issuer").GetString());
        Assert.Equal($"{factory.Server.BaseAddress}connect/token", discovery.GetProperty("token_endpoint").GetString());
        Assert.Equal(("EC", "P-256", "ES256", Text(header, "kid")), (Text(key, "kty"), Text(key, "crv"), Text(key, "alg"), Text(key, "kid")));
        Assert.False(key.TryGetProperty("d", out _));
    }

    private static long InHours(int hours) => DateTimeOffset.UtcNow.AddHours(hours).ToUnixTimeSeconds();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static JsonElement ClaimsOf(string token) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;

    private static async Task AssertErrorAsync(HttpResponseMessage response, string error) =>
        Assert.Equal(error, (await response.ReadAsync(HttpStatusCode.BadRequest)).GetProperty("error").GetString());

    private async Task<string> UserTokenAsync() =>
        (await factory.CreateClientAsync(SamplePerson.Nora)).DefaultRequestHeaders.Authorization!.Parameter!;

    private HttpClient ClientWith(string token)
    {
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task<JsonElement> ExchangeAsync(string subject, Guid runId, long? runEnd) =>
        await (await PostExchangeAsync(subject, $"{runId}", runEnd?.ToString(System.Globalization.CultureInfo.InvariantCulture))).ReadAsync(HttpStatusCode.OK);

    private Task<HttpResponseMessage> PostExchangeAsync(string subject, string runId, string? runEnd) => PostAsync(
        ("client_id", ApiFactory.ServiceId),
        ("client_secret", ApiFactory.ServiceSecret),
        ("grant_type", Exchange),
        ("subject_token", subject),
        ("subject_token_type", AccessToken),
        ("run_id", runId),
        ("run_end", runEnd));

    private async Task<JsonElement> GrantAsync(params (string, string?)[] fields) =>
        await (await PostAsync([("client_id", ApiFactory.ServiceId), ("client_secret", ApiFactory.ServiceSecret), .. fields])).ReadAsync(HttpStatusCode.OK);

    private Task<HttpResponseMessage> PostAsync(params (string Name, string? Value)[] fields) => _client.PostAsync(
        "/connect/token",
        new FormUrlEncodedContent(fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, field.Value!))));
}
