using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Hosting;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.Extensions.Caching.Memory;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>
/// Which endpoint made a response: only that one can go on from it. Kept for six hours per caller, in memory for the replica that
/// passed it on and in Redis for the others, written in the background; what is left of that when the service ends is still written.
/// </summary>
internal sealed partial class ResponseAffinity(RedisClient redis, TimeProvider timeProvider, ILogger<ResponseAffinity> logger) : FinishingService
{
    private const int KeptInMemory = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(6);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(2);

    private readonly MemoryCache _here = new(new MemoryCacheOptions { SizeLimit = KeptInMemory });
    private readonly Channel<(string Key, string EndpointId)> _unwritten = Channel.CreateBounded<(string, string)>(
        new BoundedChannelOptions(KeptInMemory) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Remember(ModelCaller caller, string responseId, string endpointId)
    {
        var key = Key(caller, responseId);
        _here.Set(key, endpointId, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });
        _unwritten.Writer.TryWrite((key, endpointId));
    }

    /// <returns>The endpoint's id; null for a response that is not the caller's, too old, or nobody's.</returns>
    /// <exception cref="DomainException">affinity.unavailable: Redis, who would know, is away.</exception>
    public async ValueTask<string?> FindAsync(ModelCaller caller, string responseId, CancellationToken cancellationToken)
    {
        var key = Key(caller, responseId);

        if (_here.TryGetValue(key, out string? endpointId))
        {
            return endpointId;
        }

        try
        {
            return await redis.RunAsync("GET model_affinity", database => database.StringGetAsync(key), cancellationToken);
        }
        catch (RedisUnavailableException exception)
        {
            throw new DomainException(DomainErrorKind.Unavailable, "affinity.unavailable", "Which endpoint made the previous response cannot be found out now.", exception)
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
    }

    public override void Dispose()
    {
        _here.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var bound = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        using var end = stoppingToken.Register(() =>
        {
            _unwritten.Writer.TryComplete();
            bound.CancelAfter(Ending);
        });

        await foreach (var (key, endpointId) in _unwritten.Reader.ReadAllAsync(bound.Token))
        {
            try
            {
                await redis.RunAsync("SET model_affinity", database => database.StringSetAsync(key, endpointId, Lifetime, When.Always, CommandFlags.None), bound.Token);
            }
            catch (RedisUnavailableException exception)
            {
                LogUnwritten(exception.Reason);
            }
        }
    }

    private static string Key(ModelCaller caller, string responseId) => $"models:affinity:{caller.PracticeId:N}:{caller.UserId:N}:{responseId}";

    [LoggerMessage(LogLevel.Warning, "Only this replica knows where a response came from: {Reason}.")]
    private partial void LogUnwritten(string reason);
}
