using System.Security.Cryptography;

namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>Which replica this is: the same name that its telemetry carries, or one made at start where nobody gave any.</summary>
internal sealed record ServiceInstance(string Id)
{
    private const string Attribute = "service.instance.id=";

    // service.instance.id=abcdefgh,deployment.environment=dev%20box: values are percent-encoded
    public static ServiceInstance From(string? resourceAttributes) =>
        (resourceAttributes ?? "").Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(a => a.StartsWith(Attribute, StringComparison.Ordinal)) is { } found
        && found.Length > Attribute.Length
            ? new(Uri.UnescapeDataString(found[Attribute.Length..]))
            : new(RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8));
}
