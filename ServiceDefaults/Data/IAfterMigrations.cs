namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// What a service writes into its tables at each start, once they are as its code expects them. Runs before the service listens, unless
/// the server was away then; may run again after it broke off.
/// </summary>
public interface IAfterMigrations
{
    Task RunAsync(CancellationToken cancellationToken);
}
