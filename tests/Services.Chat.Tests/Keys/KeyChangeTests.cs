using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Audit;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Keys.Authentication;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tests.Keys;

/// <summary>That a change of a key holds everywhere at once, and what guessing costs.</summary>
public sealed class KeyChangeTests
{
    [Fact]
    public async Task Revoke_OnOneReplica_IsDeadOnTheOther()
    {
        await using var host = await KeyHost.StartAsync();
        await using var other = host.Chat.StartReplica();
        var key = await host.CreateAsync(new { name = "a" });
        using var there = host.Program(key.Secret, other);
        using var owner = host.OwnerClient();
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(there)).StatusCode);

        using var revoked = await KeyHost.SendAsync(owner, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await IsDeadAsync(there);
    }

    [Fact]
    public async Task Revoke_WhileRedisIsAway_IsDeadOnTheOtherAllTheSame()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await KeyHost.StartAsync(("ConnectionStrings:redis", redis.ConnectionString));
        await using var other = host.Chat.StartReplica();
        var key = await host.CreateAsync(new { name = "a" });
        using var there = host.Program(key.Secret, other);
        using var owner = host.OwnerClient();
        await redis.KillAsync();
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(there)).StatusCode);

        using var revoked = await KeyHost.SendAsync(owner, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await IsDeadAsync(there);
    }

    [Fact]
    public async Task Revoke_ToldOverRedis_NeedsNoLookAtTheDatabase()
    {
        await using var host = await KeyHost.StartAsync();
        var key = await host.CreateAsync(new { name = "a" });
        var standing = new Replica(host, new());
        await using var _ = standing;
        await standing.StartAsync();
        var hash = KeySecret.HashOfGiven(key.Secret)!;
        Assert.Null((await standing.Known.FindAsync(hash, CancellationToken.None))!.Key.RevokedAt);
        using var owner = host.OwnerClient();

        using var revoked = await KeyHost.SendAsync(owner, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);

        // Told again, because nobody knows when a subscription has begun. Its time stands still, so it never asks by itself.
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await host.Chat.Services.GetRequiredService<KeyChanges>().TellAsync(new(key.Id, 2));
                return (await standing.Known.FindAsync(hash, CancellationToken.None))!.Key.RevokedAt is not null;
            },
            "the replica hears of it");
    }

    [Fact]
    public async Task Change_NobodyTold_IsFoundWithinHalfASecondOfTheReplicasTime()
    {
        await using var host = await KeyHost.StartAsync();
        var key = await host.CreateAsync(new { name = "a" });
        var time = new TestTimeProvider();
        var standing = new Replica(host, time);
        await using var _ = standing;
        await standing.StartAsync();
        await Eventually.BecomesTrueAsync(() => time.Timers == 2, "the replica waits for its time");
        var hash = KeySecret.HashOfGiven(key.Secret)!;
        await standing.Known.FindAsync(hash, CancellationToken.None);
        await RevokeInTheTableAsync(host, key.Id);
        Assert.Null((await standing.Known.FindAsync(hash, CancellationToken.None))!.Key.RevokedAt);

        time.Advance(TimeSpan.FromSeconds(0.5));

        await Eventually.BecomesTrueAsync(
            async () => (await standing.Known.FindAsync(hash, CancellationToken.None))!.Key.RevokedAt is not null, "the replica has asked the database");
    }

    [Fact]
    public async Task Find_AMinuteAfterItWasRead_ReadsItAnew()
    {
        await using var host = await KeyHost.StartAsync();
        var key = await host.CreateAsync(new { name = "a" });
        var time = new TestTimeProvider();
        await using var replica = new Replica(host, time);
        var hash = KeySecret.HashOfGiven(key.Secret)!;
        await replica.Known.FindAsync(hash, CancellationToken.None);
        await RevokeInTheTableAsync(host, key.Id);

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null((await replica.Known.FindAsync(hash, CancellationToken.None))!.Key.RevokedAt);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await replica.Known.FindAsync(hash, CancellationToken.None))!.Key.RevokedAt);
        Assert.Equal(2, replica.Store.Lookups);
    }

    [Fact]
    public async Task Find_UnknownSecrets_AreLookedUpSoManyASecondAndEachOnce()
    {
        await using var host = await KeyHost.StartAsync();
        var key = await host.CreateAsync(new { name = "a" });
        var time = new TestTimeProvider();
        await using var replica = new Replica(host, time);
        var known = KeySecret.HashOfGiven(key.Secret)!;
        await replica.Known.FindAsync(known, CancellationToken.None);
        var guesses = Enumerable.Range(0, 21).Select(_ => KeySecret.Create().Hash).ToList();

        foreach (var guess in guesses[..20])
        {
            Assert.Null(await replica.Known.FindAsync(guess, CancellationToken.None));
            Assert.Null(await replica.Known.FindAsync(guess, CancellationToken.None));
        }

        var refused = await Assert.ThrowsAsync<DomainException>(async () => await replica.Known.FindAsync(guesses[20], CancellationToken.None));
        Assert.Equal((DomainErrorKind.RateLimited, "key.lookups_busy", TimeSpan.FromSeconds(1)), (refused.Kind, refused.Code, refused.RetryAfter));
        Assert.Equal(21, replica.Store.Lookups);

        // Who has a key in use does not notice, and a second later there is room again.
        Assert.NotNull(await replica.Known.FindAsync(known, CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await replica.Known.FindAsync(guesses[20], CancellationToken.None));
    }

    private static Task IsDeadAsync(HttpClient program) => Eventually.BecomesTrueAsync(
        async () => (await KeyHost.AskAsync(program)).StatusCode == HttpStatusCode.Unauthorized, "the key is dead there");

    private static Task<int> RevokeInTheTableAsync(KeyHost host, Guid id) => host.Chat.Services.GetRequiredService<Database>().RunAsync(
        (connection, token) => connection.ExecuteAsync(new CommandDefinition(
            "update virtual_keys set revoked_at = utc_timestamp(6), changed_at = utc_timestamp(6), version = version + 1 where id = @id", new { id }, cancellationToken: token)),
        CancellationToken.None);

    /// <summary>What a replica knows of keys, on the host's stores and with a time of its own.</summary>
    // What the gateway asks first. The same string each time, as a connection's requests have it.
    [Fact]
    public async Task Recall_KnownKey_IsItUntilItIsOldOrChanged()
    {
        await using var host = await KeyHost.StartAsync();
        var key = await host.CreateAsync(new { name = "a" });
        var time = new TestTimeProvider();
        await using var replica = new Replica(host, time);
        var (header, hash) = ($"Bearer {key.Secret}", KeySecret.HashOfGiven(key.Secret)!);

        Assert.Null(replica.Known.Recall(header));
        var known = await replica.Known.FindAsync(hash, CancellationToken.None);
        Assert.Same(known, replica.Known.Recall(header));
        Assert.Null(replica.Known.Recall(key.Secret));

        time.Advance(KnownKeys.Kept - TimeSpan.FromTicks(1));
        Assert.Same(known, replica.Known.Recall(header));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(replica.Known.Recall(header));

        var again = await replica.Known.FindAsync(hash, CancellationToken.None);
        Assert.Same(again, replica.Known.Recall(header));
        replica.Known.Drop(new(key.Id, 2));
        Assert.Null(replica.Known.Recall(header));
    }

    [Fact]
    public async Task Recall_RevokedKey_IsNobody()
    {
        await using var host = await KeyHost.StartAsync();
        var key = await host.CreateAsync(new { name = "a" });
        using var owner = host.OwnerClient();
        using var revoked = await KeyHost.SendAsync(owner, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);
        await using var replica = new Replica(host, new());

        Assert.NotNull((await replica.Known.FindAsync(KeySecret.HashOfGiven(key.Secret)!, CancellationToken.None))!.Key.RevokedAt);

        Assert.Null(replica.Known.Recall($"Bearer {key.Secret}"));
    }

    private sealed class Replica : IAsyncDisposable
    {
        private readonly KeyChanges _changes;

        public Replica(KeyHost host, TestTimeProvider time)
        {
            var options = Options.Create(new KeyOptions());
            Store = new(host.Chat.Services.GetRequiredService<IKeyStore>());
            Known = new(Store, new(options, time), time);
            _changes = new(Known, Store, host.Chat.Services.GetRequiredService<RedisClient>(), options, time, NullLogger<KeyChanges>.Instance);
        }

        public CountingStore Store { get; }

        public KnownKeys Known { get; }

        public Task StartAsync() => _changes.StartAsync(CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await _changes.StopAsync(CancellationToken.None);
            _changes.Dispose();
        }
    }

    private sealed class CountingStore(IKeyStore inner) : IKeyStore
    {
        private int _lookups;

        public int Lookups => Volatile.Read(ref _lookups);

        public Task<VirtualKey?> FindBySecretAsync(string hash, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _lookups);
            return inner.FindBySecretAsync(hash, cancellationToken);
        }

        public Task<(Guid Id, bool Created)> AddAsync(Guid practiceId, WriteKey writeKey, VirtualKey key, AuditEvent audited, CancellationToken cancellationToken) =>
            inner.AddAsync(practiceId, writeKey, key, audited, cancellationToken);

        public Task<VirtualKey?> FindAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) => inner.FindAsync(practiceId, id, cancellationToken);

        public Task<IReadOnlyList<VirtualKey>> ListAsync(Guid practiceId, Guid? before, int limit, CancellationToken cancellationToken) =>
            inner.ListAsync(practiceId, before, limit, cancellationToken);

        public Task<VirtualKey?> ChangeAsync(Guid practiceId, Guid id, Func<VirtualKey, VirtualKey> change, AuditEvent audited, CancellationToken cancellationToken) =>
            inner.ChangeAsync(practiceId, id, change, audited, cancellationToken);

        public Task<IReadOnlyList<KeyMaker>> ListMakersAsync(DateTimeOffset now, CancellationToken cancellationToken) => inner.ListMakersAsync(now, cancellationToken);

        public Task<IReadOnlyList<Guid>> ListOfMakerAsync(Guid practiceId, Guid userId, CancellationToken cancellationToken) => inner.ListOfMakerAsync(practiceId, userId, cancellationToken);

        public Task<IReadOnlyList<KeyVersion>> ListChangedAsync(TimeSpan within, CancellationToken cancellationToken) => inner.ListChangedAsync(within, cancellationToken);
    }
}
