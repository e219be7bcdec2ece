using Aspire.Hosting.Dashboard.History;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>The telemetry of this run and of earlier ones.</summary>
internal sealed class TelemetryRuns(TelemetryStore current, RunHistory history)
{
    /// <param name="run">This run when null.</param>
    /// <returns>Null when there is no such run.</returns>
    public async ValueTask<TelemetryStore?> FindAsync(string? run, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(run) || run == history.CurrentId ? current : (await history.FindAsync(run, cancellationToken))?.Telemetry;
}
