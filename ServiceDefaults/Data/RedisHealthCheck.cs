using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.ServiceDefaults.Data;

internal sealed class RedisHealthCheck(RedisClient redis) : IHealthCheck
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.RunAsync("PING", database => database.PingAsync(), cancellationToken).WaitAsync(Bound, cancellationToken);
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
