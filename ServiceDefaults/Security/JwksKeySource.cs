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
    IHttpClientFactory clients, IOptions<AuthOptions> options, TimeProvider timeProvider, ILogger<JwksKeySource> logger) : ISigningKeySource, IDisposable
{
    public const string HttpClientName = "jwks";

    private static readonly TimeSpan BetweenFetches = TimeSpan.FromSeconds(30);

    // A key that the issuer withdrew stops working after this, as long as the issuer answers.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    // An issuer that accepts and says nothing must not hold the requests of everybody.
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile FrozenDictionary<string, SigningKey> _keys = FrozenDictionary<string, SigningKey>.Empty;
    private long _fetchedAt;
    private long _triedAt;

    public async ValueTask<SigningKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        var isKnown = _keys.TryGetValue(keyId, out var key);
        if (isKnown && Elapsed(ref _fetchedAt) < MaxAge)
        {
            return key;
        }

        // The issuer has never answered yet: a service that starts beside it must not refuse everybody for thirty seconds.
        var wait = _keys.Count == 0 ? TimeSpan.FromSeconds(1) : BetweenFetches;
        if (Elapsed(ref _triedAt) >= wait)
        {
            // Who has a key, if an old one, does not queue behind the one who asks for news of it.
            if (!await _fetching.WaitAsync(isKnown ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellationToken))
            {
                return key;
            }

            try
            {
                if (Elapsed(ref _triedAt) >= wait)
                {
                    await FetchAsync(cancellationToken);
                }
            }
            finally
            {
                _fetching.Release();
            }
        }

        return _keys.GetValueOrDefault(keyId);
    }

    public void Dispose() => _fetching.Dispose();

    private TimeSpan Elapsed(ref long since) =>
        Interlocked.Read(ref since) is 0 ? TimeSpan.MaxValue : timeProvider.GetElapsedTime(Interlocked.Read(ref since));

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(FetchTimeout, timeProvider);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            var document = await client.GetFromJsonAsync(
                $"{options.Value.Authority.TrimEnd('/')}/.well-known/jwks.json", JwksJsonContext.Default.JsonWebKeySet, bound.Token);
            _keys = (document?.Keys ?? [])
                .OfType<JsonWebKey>()
                .Select(JsonWebKey.ToSigningKey)
                .OfType<SigningKey>()
                .DistinctBy(key => key.KeyId)
                .ToFrozenDictionary(key => key.KeyId);
            Interlocked.Exchange(ref _fetchedAt, timeProvider.GetTimestamp());
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFetchFailed(exception.GetType().Name);
        }

        Interlocked.Exchange(ref _triedAt, timeProvider.GetTimestamp());
    }

    [LoggerMessage(LogLevel.Warning, "Could not fetch the issuer's keys ({Failure}); known keys stay in use.")]
    private partial void LogFetchFailed(string failure);
}
