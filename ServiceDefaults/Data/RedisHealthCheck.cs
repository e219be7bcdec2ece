using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Writes, because a server that is full or read-only answers a ping as ever.</summary>
internal sealed class RedisHealthCheck(RedisClient redis) : IHealthCheck
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.RunAsync(
                "SET health",
                database => database.StringSetAsync("health:check", "1", Lifetime, When.Always, CommandFlags.None),
                cancellationToken).WaitAsync(Bound, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (RedisUnavailableException exception)
        {
            return new(context.Registration.FailureStatus, exception.Message);
        }
        catch (TimeoutException)
        {
            return new(context.Registration.FailureStatus, $"Redis did not answer within {Bound.TotalSeconds:0} s.");
        }
    }
}
