using System.Buffers.Text;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiPlatform.Services.Api.Identity;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Identity;

/// <summary>Our tokens and keys as others read them: the service on a real port, jose in node.</summary>
public sealed class JoseTests
{
    [Fact]
    public async Task SignIn_Token_IsReadByJoseClaimForClaim()
    {
        await using var api = await PublishedApi.StartAsync();
        await using var jose = Jose.Start(await api.KeysAsync());

        var token = await api.SignInAsync();
        var read = await jose.VerifyAsync(token);

        Assert.Equal("""{"alg":"ES256","typ":"JWT","kid":"KID"}""".Replace("KID", KidOf(token), StringComparison.Ordinal), read.GetProperty("header").GetRawText());
        Assert.Equal(Part(token, 1).GetRawText(), read.GetProperty("claims").GetRawText());
        var claims = read.GetProperty("claims");
        Assert.Equal(
            ("https://aiplatform.local", "aiplatform", "practitioner", $"{ApiFactory.PracticeA}", 900),
            (Text(claims, "iss"), Text(claims, "aud"), Text(claims, "role"), Text(claims, "practice_id"), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()));
    }

    [Fact]
    public async Task Exchange_RunToken_IsReadByJoseClaimForClaim()
    {
        await using var api = await PublishedApi.StartAsync();
        await using var jose = Jose.Start(await api.KeysAsync());
        var runId = Guid.CreateVersion7();

        var token = await api.ExchangeAsync(await api.SignInAsync(), runId);
        var read = await jose.VerifyAsync(token);

        Assert.Equal(Part(token, 1).GetRawText(), read.GetProperty("claims").GetRawText());
        Assert.Equal($"{runId}", Text(read.GetProperty("claims"), "run_id"));
    }

    [Fact]
    public async Task Token_ChangedOrForSomebodyElse_IsRefusedByJose()
    {
        await using var api = await PublishedApi.StartAsync();
        var keys = await api.KeysAsync();
        await using var jose = Jose.Start(keys);
        await using var otherAudience = Jose.Start(keys, audience: "another");
        await using var otherIssuer = Jose.Start(keys, issuer: "https://another.example");
        using var stranger = new TokenFactory();
        var token = await api.SignInAsync();
        var parts = token.Split('.');
        var promoted = Encode(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("practitioner", "owner", StringComparison.Ordinal));

        Assert.Null(await jose.RefusalAsync(token));
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", await jose.RefusalAsync($"{parts[0]}.{promoted}.{parts[2]}"));
        Assert.Equal("ERR_JOSE_ALG_NOT_ALLOWED", await jose.RefusalAsync($"{Encode("""{"alg":"none"}""")}.{promoted}."));
        Assert.Equal("ERR_JWKS_NO_MATCHING_KEY", await jose.RefusalAsync(stranger.Issue(new TestToken())));
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", await jose.RefusalAsync(stranger.Issue(new TestToken { KeyId = KidOf(token) })));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await otherAudience.RefusalAsync(token));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await otherIssuer.RefusalAsync(token));
    }

    [Fact]
    public async Task Rotate_OldAndNewTokens_AreReadByJoseUntilTheOldKeyIsGone()
    {
        // A key of a day less a minute; jose reads the machine's own clock, so the past is where the test begins.
        var clock = new ShiftedTime { Shift = TimeSpan.FromDays(-1) };
        await using var api = await PublishedApi.StartAsync(clock);
        var keys = await api.KeysAsync();
        var ring = api.Services.GetRequiredService<SigningKeyRing>();
        clock.Shift = TimeSpan.FromMinutes(-1);
        var old = await api.SignInAsync();
        await using var jose = Jose.Start(keys);
        Assert.Null(await jose.RefusalAsync(old));

        clock.Shift = TimeSpan.Zero;
        Assert.True(await ring.RotateIfDueAsync(CancellationToken.None));
        var young = await api.SignInAsync();

        Assert.NotEqual(KidOf(old), KidOf(young));
        Assert.Null(await jose.RefusalAsync(young));
        Assert.Null(await jose.RefusalAsync(old));

        clock.Shift = TimeSpan.FromMinutes(20);
        await using var later = Jose.Start(keys);
        Assert.Null(await later.RefusalAsync(young));
        Assert.Equal("ERR_JWKS_NO_MATCHING_KEY", await later.RefusalAsync(old));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static JsonElement Part(string token, int part) => JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[part]));

    private static string? KidOf(string token) => Text(Part(token, 0), "kid");

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private sealed class PublishedApi(TimeProvider? clock) : ApiFactory
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Auth:SigningKeyDays"] = "1" };

        protected override TimeProvider? Time => clock;

        public static async Task<PublishedApi> StartAsync(TimeProvider? clock = null)
        {
            var api = new PublishedApi(clock);
            await api.InitializeAsync();
            api.UseKestrel(0);
            api.StartServer();
            return api;
        }

        /// <summary>Where the discovery document says that the keys are.</summary>
        public async Task<Uri> KeysAsync()
        {
            using var client = new HttpClient();
            var address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            var discovery = await client.GetFromJsonAsync<JsonElement>($"{address}/.well-known/openid-configuration");
            return new(discovery.GetProperty("jwks_uri").GetString()!);
        }

        public async Task<string> SignInAsync()
        {
            using var client = await CreateClientAsync(SamplePerson.Nora);
            return client.DefaultRequestHeaders.Authorization!.Parameter!;
        }

        public async Task<string> ExchangeAsync(string subject, Guid runId)
        {
            using var client = CreateClient();
            var answer = await client.PostAsync("/connect/token", new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["client_id"] = ServiceId,
                ["client_secret"] = ServiceSecret,
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
                ["subject_token"] = subject,
                ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
                ["run_id"] = $"{runId}",
                ["run_end"] = $"{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}",
            }));
            return Text(await answer.ReadAsync(System.Net.HttpStatusCode.OK), "access_token")!;
        }
    }
}
