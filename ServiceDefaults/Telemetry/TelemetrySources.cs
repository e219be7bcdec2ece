using System.Diagnostics;

namespace AiPlatform.ServiceDefaults.Telemetry;

/// <summary>Activity sources of ServiceDefaults itself. Everything named AiPlatform.* is exported, so a service adds its own freely.</summary>
internal static class TelemetrySources
{
    public const string AllOfOurs = "AiPlatform.*";

    public static readonly ActivitySource Data = new("AiPlatform.ServiceDefaults.Data");
}
