using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Servers;

/// <summary>Signs in and pings, over the connection string that services get too.</summary>
internal sealed class RedisHealthCheck(RedisResource redis) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var address = RedisAddress.Parse(redis.Name, await redis.GetConnectionStringAsync(cancellationToken) ?? "");
        if (address.IsEncrypted)
        {
            return HealthCheckResult.Healthy("An encrypted server from configuration is not checked.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, limit.Token);
            var stream = client.GetStream();
            string[] credentials = [.. new[] { address.User, address.Password }.OfType<string>()];
            var commands = (address.Password is null ? "" : Command(["AUTH", .. credentials])) + Command("PING");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(commands), limit.Token);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            string? answer;
            do
            {
                answer = await reader.ReadLineAsync(limit.Token);
            }
            while (answer == "+OK");

            return answer == "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"Answered '{answer}'.");
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

    private static string Command(params string[] words) =>
        $"*{words.Length}\r\n" + string.Concat(words.Select(w => $"${Encoding.UTF8.GetByteCount(w)}\r\n{w}\r\n"));
}
