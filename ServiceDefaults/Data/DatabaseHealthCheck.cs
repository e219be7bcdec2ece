using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.ServiceDefaults.Data;

internal sealed class DatabaseHealthCheck(Database database) : IHealthCheck
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.RunAsync(
                (connection, token) => connection.ExecuteScalarAsync<int>(new CommandDefinition("select 1", cancellationToken: token)),
                cancellationToken).WaitAsync(Bound, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or TimeoutException)
        {
            return new(context.Registration.FailureStatus, exception.Message);
        }
    }
}
