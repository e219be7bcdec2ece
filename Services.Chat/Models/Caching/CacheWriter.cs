using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Data;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>Writes replies into the cache behind the back of their callers, who have them already.</summary>
internal sealed partial class CacheWriter(RedisCacheStore store, CacheMemory memory, Flights flights, ILogger<CacheWriter> logger) : BackgroundService
{
    // At most MaxKilobytes each.
    private const int QueueLength = 256;

    private readonly Channel<UnwrittenReply> _unwritten = Channel.CreateBounded<UnwrittenReply>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    /// <returns>False when there is too much to write already; the reply is then not kept.</returns>
    public bool TryWrite(UnwrittenReply reply) => _unwritten.Writer.TryWrite(reply);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var one in _unwritten.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (await store.SaveAsync(one.Plan, one.Reply, one.Begun, stoppingToken))
                {
                    memory.Add(one.Plan.Address, one.Reply, one.Plan.TimeToLive, one.Clearings);
                    CacheTelemetry.Stored(one.Plan.Origin.Model);
                }
            }
            catch (RedisUnavailableException exception)
            {
                LogNotKept(exception.Reason);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // One that cannot be written must not keep the others from it.
                LogFailed(exception);
            }
            finally
            {
                if (one.Flight is not null)
                {
                    flights.Remove(one.Plan.Address, one.Flight);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A reply was not kept in the cache: {Reason}.")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(LogLevel.Error, "A reply could not be written into the cache.")]
    private partial void LogFailed(Exception exception);
}

/// <param name="Begun">The store's time before the call.</param>
/// <param name="Clearings">The memory's count of them before the call.</param>
/// <param name="Flight">Answers identical requests until the reply is in the cache.</param>
internal sealed record UnwrittenReply(CachePlan Plan, CachedReply Reply, long Begun, long Clearings, Flight? Flight);
