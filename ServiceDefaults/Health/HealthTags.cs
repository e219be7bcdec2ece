namespace AiPlatform.ServiceDefaults.Health;

internal static class HealthTags
{
    /// <summary>Counts for readiness (/health) but not for being alive (/alive).</summary>
    public const string Ready = "ready";
}
