using AiPlatform.Tests.Common;

namespace AiPlatform.Load;

/// <summary>What the bounds, spans and hand-overs of the data clients cost against the drivers' own calls.</summary>
internal sealed class DataLoad : ILoad
{
    private const double AtLeast = 0.8;
    private static readonly int[] Callers = [1, 8, 64];

    public string Name => "data";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        // The driver blocks its caller: without waiting for the pool to grow the baseline has a thread for each.
        ThreadPool.SetMinThreads(128, 128);

        var servers = await DataServers.StartAsync();
        List<Figure> figures = [];
        await using (var sql = await SqlCalls.OpenAsync(servers, cancellationToken))
        {
            foreach (var callers in Callers)
            {
                figures.Add(await new Comparison("MySQL point read", callers, AtLeast).RunAsync(sql.ReadRawAsync, sql.ReadAsync, cancellationToken));
                figures.Add(await new Comparison("MySQL insert", callers, AtLeast).RunAsync(sql.InsertRawAsync, sql.InsertAsync, cancellationToken));
            }
        }

        await using (var redis = await RedisCalls.OpenAsync(servers, cancellationToken))
        {
            foreach (var callers in Callers)
            {
                figures.Add(await new Comparison("Redis GET", callers, AtLeast).RunAsync(redis.GetRawAsync, redis.GetAsync, cancellationToken));
                figures.Add(await new Comparison("Redis SET", callers, AtLeast).RunAsync(redis.SetRawAsync, redis.SetAsync, cancellationToken));
            }
        }

        return figures;
    }
}
