using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Tests.Security;

public sealed class JwksKeySourceTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly TokenFactory _first = new();
    private readonly TokenFactory _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Find_KeysRotated_FetchesTheUnknownOnceAndKnowsItThen()
    {
        await using var issuer = await JwksServer.StartAsync(_first);
        var keys = SourceOf(issuer.Url);
        Assert.Equal(_first.KeyId, (await FindAsync(keys, _first.KeyId))?.KeyId);

        issuer.Publish(_second);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(_second.KeyId, (await FindAsync(keys, _second.KeyId))?.KeyId);
        Assert.Equal(_second.KeyId, (await FindAsync(keys, _second.KeyId))?.KeyId);
        Assert.Equal(2, issuer.KeyFetches);
    }

    [Fact]
    public async Task Find_FloodOfUnknownKeys_FetchesAtMostOncePerThirtySeconds()
    {
        await using var issuer = await JwksServer.StartAsync(_first);
        var keys = SourceOf(issuer.Url);

        await FloodAsync(keys);
        Assert.Equal(1, issuer.KeyFetches);
        _time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        await FloodAsync(keys);
        Assert.Equal(1, issuer.KeyFetches);
        _time.Advance(TimeSpan.FromTicks(1));
        await FloodAsync(keys);
        Assert.Equal(2, issuer.KeyFetches);
    }

    [Fact]
    public async Task Find_IssuerDown_KnownKeysGoOnAndUnknownAreRefused()
    {
        await using var issuer = await JwksServer.StartAsync(_first);
        var keys = SourceOf(issuer.Url);
        await FindAsync(keys, _first.KeyId);

        issuer.Fails = true;
        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.NotNull(await FindAsync(keys, _first.KeyId));
        Assert.Null(await FindAsync(keys, _second.KeyId));
    }

    [Fact]
    public async Task Find_KeyWithdrawn_StopsAfterTenMinutes()
    {
        await using var issuer = await JwksServer.StartAsync(_first, _second);
        var keys = SourceOf(issuer.Url);
        await FindAsync(keys, _first.KeyId);

        issuer.Withdraw(_first);
        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.NotNull(await FindAsync(keys, _first.KeyId));
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Null(await FindAsync(keys, _first.KeyId));
        Assert.NotNull(await FindAsync(keys, _second.KeyId));
    }

    [Fact]
    public async Task Find_IssuerNotUpYet_AsksAgainAfterASecond()
    {
        await using var issuer = await JwksServer.StartAsync(_first);
        issuer.Fails = true;
        var keys = SourceOf(issuer.Url);
        Assert.Null(await FindAsync(keys, _first.KeyId));

        issuer.Fails = false;
        Assert.Null(await FindAsync(keys, _first.KeyId));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(await FindAsync(keys, _first.KeyId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_IssuerHangs_KnownKeysGoOnAtOnceAndUnknownWithinFiveSeconds(bool halfway)
    {
        var hangs = new TaskCompletionSource();
        var asked = new SemaphoreSlim(0);
        var held = false;
        await using var issuer = await TestService.StartAsync(app => app.MapGet("/.well-known/jwks.json", async (HttpContext context) =>
        {
            asked.Release();
            if (held && halfway)
            {
                await context.Response.WriteAsync("{\"keys\":");
                await context.Response.Body.FlushAsync();
            }

            if (held)
            {
                await hangs.Task.WaitAsync(context.RequestAborted);
            }

            return Results.Json(new { keys = new[] { _first.ToJsonWebKey() } });
        }).AllowAnonymous());
        var keys = SourceOf(issuer.Url);
        await FindAsync(keys, _first.KeyId);
        await asked.WaitAsync();

        held = true;
        _time.Advance(TimeSpan.FromMinutes(10));
        var refreshing = FindAsync(keys, _first.KeyId);
        await asked.WaitAsync(Eventually.Timeout);
        var unknown = FindAsync(keys, _second.KeyId);

        Assert.NotNull(await FindAsync(keys, _first.KeyId).WaitAsync(Eventually.Timeout));
        Assert.False(unknown.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await refreshing.WaitAsync(Eventually.Timeout));
        Assert.Null(await unknown.WaitAsync(Eventually.Timeout));
    }

    [Theory]
    [InlineData("""{"keys":[null,{"kty":"EC"},{"kty":"oct","kid":"s"},KEY]}""", true)]
    [InlineData("""{"keys":[KEY,KEY]}""", true)]
    [InlineData("""{"keys":[KEY,OTHER]}""", false)]
    [InlineData("""{"keys":[PRIVATE]}""", false)]
    [InlineData("""{"keys":[{"kty":"EC","kid":5},KEY]}""", false)]
    [InlineData("""{"keys":[KEY]""", false)]
    [InlineData("""{"keys":"KEY"}""", false)]
    [InlineData("""{"keys":[]}""", false)]
    [InlineData("""{"keys":null}""", false)]
    [InlineData("""{"keys":[{"kid":"no type"}]}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("null", false)]
    [InlineData("<html>", false)]
    public async Task Find_SetWithOddKeys_TakesTheGoodOnes(string set, bool found)
    {
        // OTHER is another key under the same id, PRIVATE the same one with its secret.
        var body = set
            .Replace("KEY", JsonSerializer.Serialize(_first.ToJsonWebKey()), StringComparison.Ordinal)
            .Replace("OTHER", JsonSerializer.Serialize(new Dictionary<string, string>(_second.ToJsonWebKey()) { ["kid"] = _first.KeyId }), StringComparison.Ordinal)
            .Replace("PRIVATE", JsonSerializer.Serialize(new Dictionary<string, string>(_first.ToJsonWebKey()) { ["d"] = "AQAB" }), StringComparison.Ordinal);
        await using var issuer = await TestService.StartAsync(
            app => app.MapGet("/.well-known/jwks.json", () => Results.Text(body, "application/json")).AllowAnonymous());
        var keys = SourceOf(issuer.Url);

        Assert.Equal(found ? _first.KeyId : null, (await FindAsync(keys, _first.KeyId))?.KeyId);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("""{"keys":null}""")]
    [InlineData("HUGE")]
    [InlineData("DEEP")]
    public async Task Find_IssuerAnswersNonsenseLater_KnownKeysGoOn(string nonsense)
    {
        var body = JsonSerializer.Serialize(new { keys = new[] { _first.ToJsonWebKey() } });
        var fetches = 0;
        await using var issuer = await TestService.StartAsync(app => app.MapGet("/.well-known/jwks.json", () =>
        {
            Interlocked.Increment(ref fetches);
            return Results.Text(body, "application/json");
        }).AllowAnonymous());
        var keys = SourceOf(issuer.Url);
        await FindAsync(keys, _first.KeyId);

        // A set that would be good but for its size, and one that is as deep as it is long.
        body = nonsense switch
        {
            "HUGE" => $$"""{"keys":[],"filler":"{{new string('x', JwksKeySource.MaxBytes)}}"}""",
            "DEEP" => $$"""{"keys":{{new string('[', 50_000)}}""",
            _ => nonsense,
        };
        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(_first.KeyId, (await FindAsync(keys, _first.KeyId))?.KeyId);
        Assert.Null(await FindAsync(keys, _second.KeyId));
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task Find_NoKeysPublishedAnyMore_RefusesThemAll()
    {
        await using var issuer = await JwksServer.StartAsync(_first);
        var keys = SourceOf(issuer.Url);
        await FindAsync(keys, _first.KeyId);

        issuer.Withdraw(_first);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Null(await FindAsync(keys, _first.KeyId));
        await FloodAsync(keys);
        Assert.Equal(2, issuer.KeyFetches);
    }

    [Fact]
    public async Task Find_AThousandUnknownKeysASecondForAMinute_ThreeFetches()
    {
        await using var issuer = await JwksServer.StartAsync(_first);
        var keys = SourceOf(issuer.Url);

        for (var second = 0; second <= 60; second++)
        {
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => FindAsync(keys, $"{second}-{number}")));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, issuer.KeyFetches);
    }

    [Fact]
    public async Task Find_CallersHangUp_TheirFetchGoesOnAndIsTheOnlyOne()
    {
        var asked = new SemaphoreSlim(0);
        var answer = new TaskCompletionSource();
        var fetches = 0;
        await using var issuer = await TestService.StartAsync(app => app.MapGet("/.well-known/jwks.json", async () =>
        {
            Interlocked.Increment(ref fetches);
            asked.Release();
            await answer.Task;
            return Results.Json(new { keys = new[] { _first.ToJsonWebKey() } });
        }).AllowAnonymous());
        var keys = SourceOf(issuer.Url);
        using var hangUp = new CancellationTokenSource();
        var impatient = Enumerable.Range(0, 50).Select(_ => keys.FindAsync(_first.KeyId, hangUp.Token).AsTask()).ToList();
        Assert.True(await asked.WaitAsync(Eventually.Timeout));

        await hangUp.CancelAsync();
        foreach (var caller in impatient)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        }

        var patient = FindAsync(keys, _first.KeyId);
        answer.SetResult();

        Assert.NotNull(await patient.WaitAsync(Eventually.Timeout));
        Assert.Equal(1, fetches);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("cut")]
    public async Task Call_IssuerFails_IsAskedOncePerFetchWithoutRetries(string failure)
    {
        var fetches = 0;
        await using var issuer = await TestService.StartAsync(app => app.MapGet("/.well-known/jwks.json", (HttpContext context) =>
        {
            Interlocked.Increment(ref fetches);
            if (failure == "cut")
            {
                context.Abort();
            }

            return Results.StatusCode(503);
        }).AllowAnonymous());
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/me", (CurrentUser user) => user.Role.ToString()), settings: new() { ["Auth:Authority"] = issuer.Url });

        var response = await service.GetAsync("/me", service.IssueToken());

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task Verify_KeyRotatedAndLaterWithdrawn_OldTokensHoldWhileItIsPublished()
    {
        using var first = new TokenFactory(_time);
        using var second = new TokenFactory(_time);
        await using var issuer = await JwksServer.StartAsync(first);
        var verifier = new TokenVerifier(SourceOf(issuer.Url), Options.Create(new AuthOptions()), _time);
        var old = first.Issue(new TestToken());
        Assert.Null(await FailureAsync(verifier, old));

        issuer.Publish(second);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((null, null), (await FailureAsync(verifier, second.Issue(new TestToken())), await FailureAsync(verifier, old)));

        issuer.Withdraw(first);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(("unknown key", null), (await FailureAsync(verifier, old), await FailureAsync(verifier, second.Issue(new TestToken()))));
    }

    private static async Task<string?> FailureAsync(TokenVerifier verifier, string token) =>
        (await verifier.VerifyAsync(token, CancellationToken.None)).Failure;

    private static Task<SigningKey?[]> FloodAsync(JwksKeySource keys) =>
        Task.WhenAll(Enumerable.Range(0, 100).Select(number => FindAsync(keys, $"unknown-{number}")));

    private static Task<SigningKey?> FindAsync(JwksKeySource keys, string keyId) => keys.FindAsync(keyId, CancellationToken.None).AsTask();

    private JwksKeySource SourceOf(string url) =>
        new(new PlainClients(), Options.Create(new AuthOptions { Authority = url }), _time, NullLogger<JwksKeySource>.Instance);

    private sealed class PlainClients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new();
    }
}
