using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.Identity;

public sealed class LoginTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Email = "nora.berg@harbourlane.example";
    private const string Password = "demo-password-1";

    [Fact]
    [Trait("Spec", "T001-310")]
    public async Task Login_RightPassword_ReturnsTokensAndUser()
    {
        var response = await factory.CreateClient().PostAsJsonAsync("/api/v1/auth/login", new { email = " Nora.Berg@harbourlane.example ", password = Password });

        var answer = await response.ReadAsync(HttpStatusCode.OK);
        var data = answer.GetProperty("data");
        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal(200, answer.GetProperty("code").GetInt32());
        Assert.Equal(900, data.GetProperty("expiresIn").GetInt32());
        Assert.Equal("Bearer", data.GetProperty("tokenType").GetString());
        Assert.Equal(
            """{"id":"0a000000-0000-7000-8000-000000000201","role":"practitioner","practiceId":"0a000000-0000-7000-8000-000000000001","profileId":"0a000000-0000-7000-8000-000000000101","clientId":null,"displayName":"Nora Berg"}""",
            data.GetProperty("user").GetRawText());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData(Email, "wrong")]
    [InlineData("nobody@harbourlane.example", Password)]
    [InlineData("nörä@harbourlane.example", Password)]
    [Trait("Spec", "T001-311")]
    public async Task Login_UnknownUserOrWrongPassword_SameAnswer(string email, string password)
    {
        var response = await factory.CreateClient().PostAsJsonAsync("/api/v1/auth/login", new { email, password });

        var refusal = await response.ReadAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(
            """{"errors":[{"field":null,"message":"The address or the password is wrong.","code":"auth.invalid_credentials"}]}""",
            refusal.GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("""{"email":"a@b.c"}""")]
    [InlineData("""{"email":"","password":"x"}""")]
    public async Task Login_IncompleteBody_BadRequest(string body)
    {
        var response = await factory.CreateClient().PostAsync("/api/v1/auth/login", new StringContent(body, new MediaTypeHeaderValue("application/json")));

        await response.AssertEnvelopeAsync(HttpStatusCode.BadRequest, "text.required");
    }

    [Theory]
    [InlineData("helen.marsh@northfield.example")]
    [InlineData("never-there@northfield.example")]
    public async Task Login_TooManyFailures_RefusedKnownOrNot(string email)
    {
        var client = factory.CreateClient();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var failed = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password = "wrong" });
            await failed.AssertEnvelopeAsync(HttpStatusCode.Unauthorized, "auth.invalid_credentials");
        }

        var response = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password = "demo-password-11" });

        await response.AssertEnvelopeAsync(HttpStatusCode.TooManyRequests, "auth.too_many_attempts");
    }

    [Fact]
    public async Task Refresh_EachTokenOnce_ReuseRevokesTheFamily()
    {
        var client = factory.CreateClient();
        var first = await SignInAsync(client);
        var second = RefreshTokenOf(await (await RefreshAsync(client, first)).ReadAsync(HttpStatusCode.OK));

        var reuse = await RefreshAsync(client, first);
        var afterReuse = await RefreshAsync(client, second);

        Assert.NotEqual(first, second);
        await reuse.AssertEnvelopeAsync(HttpStatusCode.Unauthorized, "auth.invalid_refresh_token");
        await afterReuse.AssertEnvelopeAsync(HttpStatusCode.Unauthorized, "auth.invalid_refresh_token");
    }

    [Fact]
    public async Task Refresh_AnotherFamily_UntouchedByReuse()
    {
        var client = factory.CreateClient();
        var stolen = await SignInAsync(client);
        var other = await SignInAsync(client);
        await RefreshAsync(client, stolen);
        await RefreshAsync(client, stolen);

        var response = await RefreshAsync(client, other);

        await response.ReadAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_SameTokenAtOnce_OneWins()
    {
        var client = factory.CreateClient();
        var token = await SignInAsync(client);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(client, token)));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_UnknownToken_Unauthorized() =>
        await (await RefreshAsync(factory.CreateClient(), "never-issued")).AssertEnvelopeAsync(HttpStatusCode.Unauthorized, "auth.invalid_refresh_token");

    private static async Task<string> SignInAsync(HttpClient client) =>
        RefreshTokenOf(await (await client.PostAsJsonAsync("/api/v1/auth/login", new { email = Email, password = Password })).ReadAsync(HttpStatusCode.OK));

    private static Task<HttpResponseMessage> RefreshAsync(HttpClient client, string refreshToken) =>
        client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken });

    private static string RefreshTokenOf(JsonElement answer) => answer.GetProperty("data").GetProperty("refreshToken").GetString()!;
}
