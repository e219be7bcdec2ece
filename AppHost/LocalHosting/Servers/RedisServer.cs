using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Servers;

internal sealed record RedisPersistenceAnnotation(TimeSpan Interval, long KeysChanged) : IResourceAnnotation;

/// <summary>Starts redis-server with a configuration that it reads from its standard input, so that the password is nowhere to be seen.</summary>
internal static class RedisServer
{
    public static async Task<ProcessSpec> PrepareAsync(RedisResource redis, LocalServerContext context)
    {
        var volume = redis.Annotations.OfType<DataVolumeAnnotation>().LastOrDefault()?.Name;
        var folder = context.Folders.ServerFolder(redis.Name, volume);
        var configuration = new List<string>
        {
            "bind 127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port {context.Instance.TargetPort(RedisResource.PrimaryEndpointName)}"),
            $"dir {Quote(folder)}",
            "daemonize no",
            "tcp-backlog 128",
            redis.TryGetLastAnnotation<RedisPersistenceAnnotation>(out var persistence)
                ? string.Create(CultureInfo.InvariantCulture, $"save {persistence.Interval.TotalSeconds:0} {persistence.KeysChanged}")
                : "save \"\"",
            $"appendonly {(volume is null ? "no" : "yes")}",
        };
        if (redis.PasswordParameter is { } parameter)
        {
            configuration.Add($"requirepass {Quote((await parameter.GetValueAsync(context.CancellationToken))!)}");
        }

        return new ProcessSpec(context.Program, ["-"], folder) { StandardInput = string.Join('\n', configuration) + "\n" };
    }

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
