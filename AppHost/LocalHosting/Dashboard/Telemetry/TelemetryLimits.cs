namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>How much telemetry is kept in memory; what is older goes, and is counted.</summary>
internal sealed record TelemetryLimits
{
    public int MaxSpans { get; init; } = 50_000;

    public long MaxSpanBytes { get; init; } = 64 * 1024 * 1024;

    public int MaxLogs { get; init; } = 20_000;

    public long MaxLogBytes { get; init; } = 32 * 1024 * 1024;

    public int MaxPoints { get; init; } = 50_000;

    public long MaxPointBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Names of services; what yet another sends is refused.</summary>
    public int MaxResources { get; init; } = 200;
}
