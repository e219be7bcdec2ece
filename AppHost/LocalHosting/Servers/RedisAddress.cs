using System.Globalization;

namespace Aspire.Hosting.Servers;

/// <summary>What a Redis connection string says of where to go and who to be there.</summary>
internal sealed record RedisAddress(string Host, int Port, string? User, string? Password, bool IsEncrypted)
{
    // localhost:6379,user=me,password=secret,ssl=true or [::1]:6379 or a host alone
    public static RedisAddress Parse(string resourceName, string connectionString)
    {
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries);
        var options = parts.Skip(1).Where(p => p.Length > 0).Select(p => p.Split('=', 2, StringSplitOptions.TrimEntries)).ToList();
        if (options.Exists(o => o.Length < 2))
        {
            throw NotUnderstood(resourceName, "after its address it is not made of 'key=value' parted by ','");
        }

        var colon = parts[0].LastIndexOf(':');
        var hasPort = colon > parts[0].LastIndexOf(']');
        var host = (hasPort ? parts[0][..colon] : parts[0]).Trim('[', ']');
        if (host.Length == 0 || host.Contains('=', StringComparison.Ordinal))
        {
            throw NotUnderstood(resourceName, "it does not begin with a host");
        }

        var port = 6379;
        if (hasPort && !(int.TryParse(parts[0][(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue))
        {
            throw NotUnderstood(resourceName, "its port is no number from 1 to 65535");
        }

        return new(host, port, Option("user"), Option("password"), string.Equals(Option("ssl"), "true", StringComparison.OrdinalIgnoreCase));

        string? Option(string key) => options.Find(o => string.Equals(o[0], key, StringComparison.OrdinalIgnoreCase))?[1];
    }

    private static DistributedApplicationException NotUnderstood(string resourceName, string why) =>
        new($"The connection string of resource '{resourceName}' is not understood: {why}.");
}
