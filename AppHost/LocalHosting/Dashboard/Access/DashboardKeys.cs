using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard.Access;

/// <summary>The run's two keys: the services' for sending telemetry, the developer's for reading it. Neither is ever empty.</summary>
internal sealed class DashboardKeys(IConfiguration configuration)
{
    private readonly byte[] _otlp = Bytes(configuration, "AppHost:OtlpApiKey");
    private readonly byte[] _browser = Bytes(configuration, "AppHost:BrowserToken");

    public bool IsOtlpKey(string? given) => IsSame(given, _otlp);

    public bool IsBrowserToken(string? given) => IsSame(given, _browser);

    // The time this takes must not tell how much of the key was right.
    private static bool IsSame(string? given, byte[] expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected);

    private static byte[] Bytes(IConfiguration configuration, string key) =>
        configuration[key] is { Length: > 0 } value ? Encoding.UTF8.GetBytes(value) : throw new DistributedApplicationException($"'{key}' is empty.");
}
