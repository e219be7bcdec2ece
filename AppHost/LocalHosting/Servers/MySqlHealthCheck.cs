using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Servers;

/// <summary>
/// Reads the server's greeting. It greets only once its init file is done, so a greeted client finds the databases made and the
/// password set; an error packet instead of a greeting means it takes no more connections.
/// </summary>
internal sealed class MySqlHealthCheck(IResourceWithConnectionString resource) : IHealthCheck
{
    private const byte ProtocolVersion = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = await resource.GetConnectionStringAsync(cancellationToken) };
        var host = Value(parts, "Server", "Host", "Data Source") ?? "localhost";
        var port = int.Parse(Value(parts, "Port") ?? "3306", CultureInfo.InvariantCulture);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            // Three bytes of length, one of sequence, then the version of the protocol.
            var packet = new byte[5];
            await client.GetStream().ReadExactlyAsync(packet, limit.Token);
            return packet[4] == ProtocolVersion ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The server refuses connections.");
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    private static string? Value(DbConnectionStringBuilder parts, params string[] keys) =>
        keys.Select(k => parts.TryGetValue(k, out var value) ? value.ToString() : null).FirstOrDefault(v => v is not null);
}
