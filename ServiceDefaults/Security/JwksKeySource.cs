using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.ServiceDefaults.Security;

/// <summary>
/// The issuer's published keys, cached. An unknown key id may mean a rotation, so it asks again, but at most once per
/// thirty seconds whatever arrives; while the issuer is away known keys go on working.
/// </summary>
internal sealed partial class JwksKeySource(
    IHttpClientFactory clients, IOptions<AuthOptions> options, TimeProvider timeProvider, ILogger<JwksKeySource> logger) : ISigningKeySource
{
    public const string HttpClientName = "jwks";

    // A set of a few keys is under 2 KiB; what is much more is not a key set, or not one to hold in memory.
    internal const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan BetweenFetches = TimeSpan.FromSeconds(30);

    // A key that the issuer withdrew stops working after this, as long as the issuer answers.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    // An issuer that accepts and says nothing must not hold the requests of everybody.
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private volatile FrozenDictionary<string, SigningKey> _keys = FrozenDictionary<string, SigningKey>.Empty;
    private Task _fetch = Task.CompletedTask;
    private long _fetchedAt;
    private long _triedAt;

    public async ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        var isKnown = _keys.TryGetValue(keyId, out var key);
        if (isKnown && Elapsed(ref _fetchedAt) < MaxAge)
        {
            return key;
        }

        var (fetch, isOurs) = FetchWhenDue();

        // Who has a key, if an old one, does not queue behind the one who asks for news of it.
        if (isKnown && !isOurs)
        {
            return key;
        }

        await fetch.WaitAsync(cancellationToken);
        return _keys.GetValueOrDefault(keyId);
    }

    private TimeSpan Elapsed(ref long since) =>
        Interlocked.Read(ref since) is 0 ? TimeSpan.MaxValue : timeProvider.GetElapsedTime(Interlocked.Read(ref since));

    // The fetch belongs to nobody: a caller who hangs up must neither end it for the others nor give the next one another.
    private (Task Fetch, bool IsOurs) FetchWhenDue()
    {
        lock (_gate)
        {
            // The issuer has never answered yet: a service that starts beside it must not refuse everybody for thirty seconds.
            var wait = Interlocked.Read(ref _fetchedAt) is 0 ? TimeSpan.FromSeconds(1) : BetweenFetches;
            if (!_fetch.IsCompleted || Elapsed(ref _triedAt) < wait)
            {
                return (_fetch, false);
            }

            Interlocked.Exchange(ref _triedAt, timeProvider.GetTimestamp());
            _fetch = Task.Run(FetchAsync);
            return (_fetch, true);
        }
    }

    private async Task FetchAsync()
    {
        using var bound = new CancellationTokenSource(FetchTimeout, timeProvider);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            client.MaxResponseContentBufferSize = MaxBytes;
            var document = await client.GetFromJsonAsync(
                $"{options.Value.Authority.TrimEnd('/')}/.well-known/jwks.json", JwksJsonContext.Default.JsonWebKeySet, bound.Token);
            if (document?.Keys is not { } published)
            {
                LogFetchFailed("no key set");
                return;
            }

            _keys = Usable(published);
            Interlocked.Exchange(ref _fetchedAt, timeProvider.GetTimestamp());
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TimeoutException or IOException or OperationCanceledException)
        {
            LogFetchFailed(exception.GetType().Name);
        }
        finally
        {
            // From its end, so that a slow issuer has its thirty seconds of peace too.
            Interlocked.Exchange(ref _triedAt, timeProvider.GetTimestamp());
        }
    }

    // Two different keys under one id: nobody can say which of them the issuer means, so neither verifies.
    private FrozenDictionary<string, SigningKey> Usable(IReadOnlyList<JsonWebKey?> published) => published
        .OfType<JsonWebKey>()
        .Select(entry => (Entry: entry, Key: JsonWebKey.ToSigningKey(entry)))
        .Where(pair => pair.Key?.Algorithm == options.Value.Algorithm)
        .DistinctBy(pair => pair.Entry with { Alg = null, Use = null })
        .GroupBy(pair => pair.Key!.KeyId, pair => pair.Key!, StringComparer.Ordinal)
        .Where(group => group.Count() == 1)
        .ToFrozenDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    [LoggerMessage(LogLevel.Warning, "Could not fetch the issuer's keys ({Failure}); known keys stay in use.")]
    private partial void LogFetchFailed(string failure);
}
