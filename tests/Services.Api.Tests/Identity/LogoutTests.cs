using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Identity;

/// <summary>A sign-in ends when its person says so: that one, everywhere, and no other.</summary>
public sealed class LogoutTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Path = "/api/v1/auth/logout";

    private static readonly Guid NorasUser = new("0a000000-0000-7000-8000-000000000201");

    [Fact]
    public async Task Logout_SignedIn_EndsItsRefreshTokenAndNoOther()
    {
        var (phone, desk) = (await SignInAsync(), await SignInAsync());

        var answer = await (await LogoutAsync(phone.AccessToken)).ReadAsync(HttpStatusCode.OK);

        Assert.Equal((true, 200, "Signed out.", "{}"), (answer.GetProperty("success").GetBoolean(), answer.GetProperty("code").GetInt32(), answer.GetProperty("message").GetString(), answer.GetProperty("data").GetRawText()));
        await (await RefreshAsync(phone.RefreshToken)).AssertEnvelopeAsync(HttpStatusCode.Unauthorized, "auth.invalid_refresh_token");
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(desk.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task Logout_AfterRenewal_EndsTheWholeSignIn()
    {
        var first = await SignInAsync();
        var second = await ReadTokensAsync(await RefreshAsync(first.RefreshToken));

        await (await LogoutAsync(first.AccessToken)).ReadAsync(HttpStatusCode.OK);

        Assert.Equal(SignInIdOf(first.AccessToken), SignInIdOf(second.AccessToken));
        await (await RefreshAsync(second.RefreshToken)).AssertEnvelopeAsync(HttpStatusCode.Unauthorized, "auth.invalid_refresh_token");
    }

    [Fact]
    public async Task Logout_Twice_TellsTheOtherServicesAndRecordsItOnce()
    {
        var ended = factory.Services.GetRequiredService<EndedSignIns>();
        var tokens = await SignInAsync();
        var (signInId, heard) = (SignInIdOf(tokens.AccessToken), new TaskCompletionSource<Guid>(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var listening = await ended.ListenAsync(ApiFactory.PracticeA, NorasUser, one => Hear(one), CancellationToken.None);
        var before = await CountAsync();

        await (await LogoutAsync(tokens.AccessToken)).ReadAsync(HttpStatusCode.OK);
        await (await LogoutAsync(tokens.AccessToken)).ReadAsync(HttpStatusCode.OK);

        Assert.Equal(signInId, await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(await ended.IsEndedAsync(ApiFactory.PracticeA, signInId, CancellationToken.None));
        Assert.False(await ended.IsEndedAsync(ApiFactory.PracticeB, signInId, CancellationToken.None));
        Assert.Equal(before + 1, await CountAsync());

        void Hear(Guid one)
        {
            // Other tests sign Nora out too.
            if (one == signInId)
            {
                heard.TrySetResult(one);
            }
        }
    }

    [Fact]
    public async Task Logout_ServiceToken_IsRefused()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = ApiFactory.ServiceId,
            ["client_secret"] = ApiFactory.ServiceSecret,
            ["practice_id"] = $"{ApiFactory.PracticeA}",
        });
        var granted = await (await factory.CreateClient().PostAsync("/connect/token", form)).ReadAsync(HttpStatusCode.OK);

        var response = await LogoutAsync(granted.GetProperty("access_token").GetString()!);

        await response.AssertEnvelopeAsync(HttpStatusCode.Forbidden, "auth.not_signed_in");
    }

    [Fact]
    public async Task Logout_WithoutRedis_EndsTheRefreshTokenAndSaysThatSocketsMayBeOpen()
    {
        await using var alone = new WithoutRedis(factory.ConnectionString);
        var tokens = await SignInAsync();

        var response = await LogoutAsync(tokens.AccessToken, alone);

        await response.AssertEnvelopeAsync(HttpStatusCode.ServiceUnavailable, "redis.unavailable");
        await (await RefreshAsync(tokens.RefreshToken)).AssertEnvelopeAsync(HttpStatusCode.Unauthorized, "auth.invalid_refresh_token");
    }

    private static Guid SignInIdOf(string token) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty("sid").GetGuid();

    private static async Task<Tokens> ReadTokensAsync(HttpResponseMessage response)
    {
        var data = (await response.ReadAsync(HttpStatusCode.OK)).GetProperty("data");
        return new(data.GetProperty("accessToken").GetString()!, data.GetProperty("refreshToken").GetString()!);
    }

    private async Task<Tokens> SignInAsync() => await ReadTokensAsync(await factory.CreateClient().PostAsJsonAsync(
        "/api/v1/auth/login", new { email = "nora.berg@harbourlane.example", password = "demo-password-1" }));

    private Task<HttpResponseMessage> RefreshAsync(string refreshToken) =>
        factory.CreateClient().PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken });

    private Task<HttpResponseMessage> LogoutAsync(string accessToken, ApiFactory? replica = null)
    {
        var client = (replica ?? factory).CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client.PostAsync(Path, content: null);
    }

    private async Task<int> CountAsync()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var page = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/audit/events?action=auth.signed_out&user={NorasUser}&limit=100");
        return page.GetProperty("items").GetArrayLength();
    }

    private sealed record Tokens(string AccessToken, string RefreshToken);

    private sealed class WithoutRedis(string connectionString) : ApiFactory(connectionString)
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["ConnectionStrings:redis"] = "127.0.0.1:1" };
    }
}
