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
        using var keys = SourceOf(issuer.Url);
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
        using var keys = SourceOf(issuer.Url);

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
        using var keys = SourceOf(issuer.Url);
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
        using var keys = SourceOf(issuer.Url);
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
        using var keys = SourceOf(issuer.Url);
        Assert.Null(await FindAsync(keys, _first.KeyId));

        issuer.Fails = false;
        Assert.Null(await FindAsync(keys, _first.KeyId));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(await FindAsync(keys, _first.KeyId));
    }

    [Fact]
    public async Task Find_IssuerHangs_KnownKeysGoOnAtOnceAndUnknownWithinFiveSeconds()
    {
        var hangs = new TaskCompletionSource();
        var asked = new SemaphoreSlim(0);
        var held = false;
        await using var issuer = await TestService.StartAsync(app => app.MapGet("/.well-known/jwks.json", async (HttpContext context) =>
        {
            asked.Release();
            if (held)
            {
                await hangs.Task.WaitAsync(context.RequestAborted);
            }

            return Results.Json(new { keys = new[] { _first.ToJsonWebKey() } });
        }).AllowAnonymous());
        using var keys = SourceOf(issuer.Url);
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
    [InlineData("""{"keys":[]}""", false)]
    [InlineData("""{"keys":null}""", false)]
    [InlineData("""{"keys":[{"kid":"no type"}]}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("null", false)]
    [InlineData("<html>", false)]
    public async Task Find_SetWithOddKeys_TakesTheGoodOnes(string set, bool found)
    {
        var body = set.Replace("KEY", System.Text.Json.JsonSerializer.Serialize(_first.ToJsonWebKey()), StringComparison.Ordinal);
        await using var issuer = await TestService.StartAsync(
            app => app.MapGet("/.well-known/jwks.json", () => Results.Text(body, "application/json")).AllowAnonymous());
        using var keys = SourceOf(issuer.Url);

        Assert.Equal(found ? _first.KeyId : null, (await FindAsync(keys, _first.KeyId))?.KeyId);
    }

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
