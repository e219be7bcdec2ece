using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>Asks by a write that changes nothing, because a read-only server reads as ever.</summary>
internal sealed class DatabaseHealthCheck(Database database) : IHealthCheck
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var timeout = new CancellationTokenSource(Bound);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await database.RunAsync(
                (connection, token) => connection.ExecuteAsync(
                    new CommandDefinition("delete from schema_version where version = -1", cancellationToken: token)),
                bound.Token);
            return HealthCheckResult.Healthy();
        }
        catch (DatabaseUnavailableException exception) when (exception.Reason == DatabaseReasons.ReadOnly)
        {
            // What only reads still works, so it stays in.
            return HealthCheckResult.Degraded(exception.Message);
        }
        catch (DatabaseUnavailableException exception)
        {
            return new(context.Registration.FailureStatus, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, $"The database did not answer within {Bound.TotalSeconds:0} s.");
        }
    }
}
