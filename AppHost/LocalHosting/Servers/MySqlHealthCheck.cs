using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Servers;

/// <summary>
/// Signs in, over the connection string that services get too. The server answers only once its init file is done, so whoever is let
/// in finds the databases made.
/// </summary>
internal sealed class MySqlHealthCheck(IResourceWithConnectionString resource) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var address = MySqlAddress.Parse(resource.Name, await resource.GetConnectionStringAsync(cancellationToken) ?? "");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, limit.Token);
            return await new MySqlSignIn(client.GetStream(), address).RunAsync(limit.Token) switch
            {
                (MySqlSignInResult.Accepted, _) => HealthCheckResult.Healthy(),
                (MySqlSignInResult.NotChecked, var why) => HealthCheckResult.Healthy(why),
                var (_, why) => HealthCheckResult.Unhealthy(why),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"No answer from {address.Host}:{address.Port} within {Limit.TotalSeconds} s.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy($"{address.Host}:{address.Port}: {exception.Message}");
        }
    }
}
