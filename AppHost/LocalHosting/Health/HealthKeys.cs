using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Health;

/// <summary>The checks of a resource: its own and those of what it belongs to.</summary>
internal static class HealthKeys
{
    public static IEnumerable<string> Of(IResource resource) =>
        resource.SelfAndParents().SelectMany(r => r.Annotations.OfType<HealthCheckAnnotation>()).Select(h => h.Key).Distinct();

    public static ImmutableArray<HealthReportSnapshot> NotChecked(IResource resource) =>
        [.. Of(resource).Select(key => new HealthReportSnapshot(key, null, null, null))];
}
