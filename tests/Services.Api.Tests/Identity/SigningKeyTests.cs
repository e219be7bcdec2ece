using AiPlatform.Services.Api.Identity;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Tests.Identity;

public sealed class SigningKeyTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Start_TwoReplicasOnAnEmptyDatabaseAtOnce_OneKey()
    {
        var empty = new ApiFactory();
        await empty.InitializeAsync();
        await using var first = empty;
        await using var second = empty.CreateReplica();

        var keys = await Task.WhenAll(Task.Run(() => KeysAsync(first)), Task.Run(() => KeysAsync(second)));

        Assert.Equal(Assert.Single(keys[0]), Assert.Single(keys[1]));
    }

    [Fact]
    public async Task Replica_TokenOfTheOther_Verifies()
    {
        await using var replica = factory.CreateReplica();
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var elsewhere = replica.CreateClient();
        elsewhere.DefaultRequestHeaders.Authorization = nora.DefaultRequestHeaders.Authorization;

        var me = await elsewhere.GetJsonAsync("/api/v1/me");

        Assert.Equal("Nora Berg", me.GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task Rotate_OldTokensVerify_NewOnesCarryTheNewKey()
    {
        var clock = new ShiftedTime();
        await using var rotating = new RotatingFactory(clock);
        await rotating.InitializeAsync();
        var before = await rotating.CreateClientAsync(SamplePerson.Nora);
        var oldKeys = await KeysAsync(rotating);

        clock.Shift = TimeSpan.FromDays(1) - TimeSpan.FromMinutes(10);
        var early = await rotating.Services.GetRequiredService<SigningKeyRing>().RotateIfDueAsync(CancellationToken.None);
        clock.Shift = TimeSpan.FromDays(1);
        var justBefore = await rotating.CreateClientAsync(SamplePerson.Nora);
        var due = await rotating.Services.GetRequiredService<SigningKeyRing>().RotateIfDueAsync(CancellationToken.None);
        var again = await rotating.Services.GetRequiredService<SigningKeyRing>().RotateIfDueAsync(CancellationToken.None);

        var bothKeys = await KeysAsync(rotating);
        var after = await rotating.CreateClientAsync(SamplePerson.Nora);
        Assert.Equal((false, true, false), (early, due, again));
        Assert.Equal(2, bothKeys.Count);
        Assert.Contains(oldKeys[0], bothKeys);
        await justBefore.GetJsonAsync("/api/v1/me");
        await after.GetJsonAsync("/api/v1/me");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await before.GetAsync("/api/v1/me")).StatusCode);
        Assert.NotEqual(KidOf(justBefore), KidOf(after));

        clock.Shift += TimeSpan.FromHours(1);
        Assert.Equal([KidOf(after)], await KeysAsync(rotating));
    }

    [Fact]
    public async Task Find_AThousandUnknownKeysASecond_ReadTheTableOnceInFive()
    {
        var clock = new TestTimeProvider(DateTimeOffset.UtcNow);
        var store = new CountedKeys(factory.Services.GetRequiredService<ISigningKeyStore>());
        using var ring = new SigningKeyRing(store, factory.Services.GetRequiredService<IOptions<IdentityOptions>>(), clock);

        for (var second = 0; second <= 10; second++)
        {
            var found = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => ring.FindAsync($"{second}-{number}", CancellationToken.None).AsTask()));
            Assert.All(found, Assert.Null);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, store.Reads);
    }

    private static async Task<IReadOnlyList<string>> KeysAsync(ApiFactory factory)
    {
        var keys = await factory.CreateClient().GetJsonAsync("/.well-known/jwks.json");
        return [.. keys.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private static string KidOf(HttpClient client)
    {
        var header = System.Buffers.Text.Base64Url.DecodeFromChars(client.DefaultRequestHeaders.Authorization!.Parameter!.Split('.')[0]);
        return System.Text.Json.JsonDocument.Parse(header).RootElement.GetProperty("kid").GetString()!;
    }

    private sealed class RotatingFactory(ShiftedTime clock) : ApiFactory
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Auth:SigningKeyDays"] = "1" };

        protected override TimeProvider Time => clock;
    }

    private sealed class CountedKeys(ISigningKeyStore inner) : ISigningKeyStore
    {
        private int _reads;

        public int Reads => _reads;

        public Task<IReadOnlyList<SigningKeyPair>> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            return inner.ReadAsync(now, cancellationToken);
        }

        public Task<bool> TryAddAsync(SigningKeyPair key, CancellationToken cancellationToken) => inner.TryAddAsync(key, cancellationToken);

        public Task<bool> TryRotateAsync(string kid, DateTimeOffset verifiesUntil, SigningKeyPair next, CancellationToken cancellationToken) =>
            inner.TryRotateAsync(kid, verifiesUntil, next, cancellationToken);
    }
}
