using System.Collections.Concurrent;
using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Keys.Limits;

/// <summary>
/// Keeps this replica's shares supplied: takes more before they are used up, renews what is held, gives back what is not used, and at once what another
/// replica asks for. While Redis is away each replica goes by its even part of every limit.
/// </summary>
internal sealed partial class LimitExchange(
    RedisClient redis, EndpointStates replicas, IOptions<LimitOptions> options, TimeProvider timeProvider, ILogger<LimitExchange> logger) : BackgroundService
{
    private const int AtOnce = 16;

    private static readonly TimeSpan GoingLasts = TimeSpan.FromSeconds(2);

    private readonly string _replica = Guid.CreateVersion7().ToString("N");
    private readonly ConcurrentDictionary<LimitSubject, LimitShare> _shares = new();
    private readonly ConcurrentDictionary<string, LimitShare> _byKey = new(StringComparer.Ordinal);

    // What does not fit is found at the next beat.
    private readonly Channel<(LimitShare Share, bool IsWanted)> _due = System.Threading.Channels.Channel.CreateBounded<(LimitShare, bool)>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private volatile bool _isAway;

    /// <summary>Null while Redis is there.</summary>
    public int? AloneAmong => _isAway ? Math.Max(1, replicas.LastReplicas) : null;

    public LimitShare ShareOf(LimitSubject subject)
    {
        while (true)
        {
            var share = _shares.GetOrAdd(subject, static (subject, time) => new(subject, time), timeProvider);

            if (share.TryUse())
            {
                _byKey.TryAdd(subject.RedisKey, share);
                return share;
            }

            _shares.TryRemove(new(subject, share));
        }
    }

    public LimitShare? Find(LimitSubject subject) => _shares.GetValueOrDefault(subject);

    /// <summary>In the background.</summary>
    public void Supply(LimitShare share) => _due.Writer.TryWrite((share, IsWanted: false));

    /// <summary>Asks Redis for a call that waits. Never fails: without an answer Redis is away.</summary>
    /// <param name="tokens">What the call needs; null when none waits.</param>
    public Task RunAsync(LimitShare share, long? tokens, bool isIdle = false) => share.ExchangeOnceAsync(() => AskAsync(share, tokens, isIdle));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // Nobody has to wait for the end of the leases of a replica that says good-bye.
        if (!_isAway)
        {
            using var bound = new CancellationTokenSource(GoingLasts, timeProvider);
            try
            {
                await Parallel.ForEachAsync(_shares.Values, Options(bound.Token), async (share, _) => await RunAsync(share, tokens: null, isIdle: true));
            }
            catch (OperationCanceledException) when (bound.IsCancellationRequested)
            {
                LogGone();
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SupplyAsync(stoppingToken), BeatAsync(stoppingToken));

    private static ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };

    private async Task AskAsync(LimitShare share, long? tokens, bool isIdle)
    {
        var ask = share.Ask(tokens, isIdle);
        var lease = TimeSpan.FromSeconds(options.Value.LeaseSeconds);
        using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.Value.PatienceMilliseconds), timeProvider);

        try
        {
            share.Answered(ask, await LimitScript.RunAsync(redis, share.Subject, _replica, lease, ask, bound.Token), lease);
            Say(isAway: false);
        }
        catch (RedisUnavailableException exception)
        {
            share.Unanswered(ask);
            Say(isAway: true, exception.Reason);
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested)
        {
            share.Unanswered(ask);
            Say(isAway: true, RedisReasons.Timeout);
        }
    }

    private Task SupplyAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _due.Reader.ReadAllAsync(stoppingToken), Options(stoppingToken), async (due, _) => await RunAsync(due.Share, tokens: null, isIdle: due.IsWanted));

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        IAsyncDisposable? subscription = null;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.BeatSeconds), timeProvider);

        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    subscription ??= await redis.SubscribeAsync(LimitScript.Wanted, Hear, stoppingToken);
                }
                catch (RedisUnavailableException exception)
                {
                    Say(isAway: true, exception.Reason);
                }

                await Parallel.ForEachAsync(_shares.Values.Where(share => _isAway || share.IsDue), Options(stoppingToken), async (share, _) => await RunAsync(share, tokens: null));

                foreach (var pair in _shares.Where(pair => pair.Value.TryForget()))
                {
                    _byKey.TryRemove(new(pair.Key.RedisKey, pair.Value));
                    _shares.TryRemove(pair);
                }
            }
        }
        finally
        {
            if (subscription is not null)
            {
                await subscription.DisposeAsync();
            }
        }
    }

    // On the connection's reading thread: looked up and queued, nothing more.
    private void Hear(RedisValue key)
    {
        if (_byKey.TryGetValue((string?)key ?? "", out var share) && share.IsDue)
        {
            _due.Writer.TryWrite((share, IsWanted: true));
        }
    }

    private void Say(bool isAway, string? reason = null)
    {
        if (isAway == _isAway)
        {
            return;
        }

        _isAway = isAway;
        if (isAway)
        {
            LogAlone(reason);
        }
        else
        {
            LogShared();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Limits of keys, users and practices are divided evenly among the replicas while Redis is away: {Reason}.")]
    private partial void LogAlone(string? reason);

    [LoggerMessage(LogLevel.Information, "Limits of keys, users and practices are shared again.")]
    private partial void LogShared();

    [LoggerMessage(LogLevel.Warning, "Not every share of a limit could be given back in time; their leases run out.")]
    private partial void LogGone();
}
