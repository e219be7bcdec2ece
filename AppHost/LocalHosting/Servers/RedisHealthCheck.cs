using System.Globalization;
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
        // localhost:6379,password=secret,ssl=true
        var parts = (await redis.GetConnectionStringAsync(cancellationToken) ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (parts.Any(p => p.Replace(" ", "", StringComparison.Ordinal).Equals("ssl=true", StringComparison.OrdinalIgnoreCase)))
        {
            return HealthCheckResult.Healthy("An encrypted server from configuration is not checked.");
        }

        var address = parts[0].Split(':');
        var password = parts.FirstOrDefault(p => p.StartsWith("password=", StringComparison.OrdinalIgnoreCase))?["password=".Length..];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address[0], address.Length > 1 ? int.Parse(address[1], CultureInfo.InvariantCulture) : 6379, limit.Token);
            var stream = client.GetStream();
            var commands = (password is null ? "" : Command("AUTH", password)) + Command("PING");
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
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    private static string Command(params string[] words) =>
        $"*{words.Length}\r\n" + string.Concat(words.Select(w => $"${Encoding.UTF8.GetByteCount(w)}\r\n{w}\r\n"));
}
