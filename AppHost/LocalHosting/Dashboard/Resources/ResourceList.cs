using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Dashboard.Resources;

/// <summary>The app model and what is known of its instances, put together for the page.</summary>
internal sealed class ResourceList(DistributedApplicationModel model, ResourceNotificationService notifications, Orchestrator orchestrator, SecretValues secrets)
{
    // A parameter is no process; its value is shown where others show their variables.
    private const string ParameterValue = "Value";
    private const string ProcessId = "executable.pid";

    public IReadOnlyList<ResourceItem> All() => [.. model.Resources.Select(Describe)];

    /// <summary>What can be done with a resource or with one of its instances; null when there is none of that name.</summary>
    public IReadOnlyList<CommandItem>? Commands(string nameOrId) => orchestrator.Find(nameOrId) is [var any, ..] instances
        ? ResourceStates.Commands(any.Resource, [.. instances.Select(Snapshot).OfType<CustomResourceSnapshot>()])
        : null;

    /// <summary>The value of one variable of a resource or of one of its instances; null when there is none of that name.</summary>
    public VariableValue? Variable(string nameOrId, string variable) => orchestrator.Find(nameOrId)
        .SelectMany(instance => Variables(instance.Resource, Snapshot(instance)))
        .Where(v => v.Name == variable)
        .Select(v => new VariableValue(v.Name, v.Value))
        .FirstOrDefault();

    private ResourceItem Describe(IResource resource)
    {
        var instances = orchestrator.Find(resource.Name);
        var snapshots = instances.Select(Snapshot).OfType<CustomResourceSnapshot>().ToList();
        var first = snapshots.FirstOrDefault();
        var (state, style) = ResourceStates.Of(snapshots);
        return new(
            resource.Name,
            resource.Name,
            TypeOf(resource),
            state,
            style,
            snapshots.Select(s => s.HealthStatus).Where(h => h is not null).Min()?.ToString(),
            [.. (first?.HealthReports ?? []).Select(r => new HealthReportItem(r.Name, r.Status?.ToString(), secrets.Mask(r.Description), secrets.Mask(r.ExceptionText)))],
            [.. instances.Select(i => Describe(i, instances.Count > 1))],
            Milliseconds(snapshots.Min(s => s.StartTimeStamp)),
            Milliseconds(snapshots.Exists(s => s.StopTimeStamp is null) ? null : snapshots.Max(s => s.StopTimeStamp)),
            Urls(first),
            SourceOf(resource, first),
            [.. Variables(resource, first).Select(v => v.IsSecret ? v with { Value = null } : v)],
            Names(resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => r.Resource)),
            Names(resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource)),
            (resource as IResourceWithParent)?.Parent.Name,
            ResourceStates.Commands(resource, snapshots),
            Properties(first));
    }

    private InstanceItem Describe(ResourceInstance instance, bool isReplica)
    {
        var snapshot = Snapshot(instance);
        var isAlive = instance.Process is { Exited.IsCompleted: false };
        // The ports of its own are there as soon as it has a state.
        var urls = instance.Resource.Annotations.OfType<EndpointAnnotation>().Where(_ => snapshot is not null)
            .Select(e => new UrlItem(e.Name, string.Create(CultureInfo.InvariantCulture, $"{e.UriScheme}://{e.TargetHost}:{instance.TargetPort(e.Name)}")));
        return new(
            instance.Id,
            isAlive ? instance.Process!.Id : null,
            snapshot?.State?.Text ?? ResourceStates.Unknown,
            snapshot?.ExitCode,
            Milliseconds(snapshot?.StartTimeStamp),
            isReplica ? [.. urls] : Urls(snapshot),
            ResourceStates.Commands(instance.Resource, snapshot is null ? [] : [snapshot]));
    }

    private IEnumerable<VariableItem> Variables(IResource resource, CustomResourceSnapshot? snapshot)
    {
        if (resource is ParameterResource parameter)
        {
            return parameter.KnownValue is { } value ? [new(ParameterValue, value, parameter.Secret || secrets.IsSecret(resource.Name, value))] : [];
        }

        return (snapshot?.EnvironmentVariables ?? [])
            .Select(v => new VariableItem(v.Name, v.Value ?? "", secrets.IsSecret(v.Name, v.Value ?? "")))
            .OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase);
    }

    // What the table shows by itself is not said twice.
    private IReadOnlyList<string[]> Properties(CustomResourceSnapshot? snapshot) =>
    [
        .. (snapshot?.Properties ?? [])
            .Where(p => p.Name is not (ProcessId or ParameterValue) && p.Name != CustomResourceKnownProperties.Source)
            .Where(p => !p.IsSensitive && !secrets.IsSecret(p.Name, Text(p.Value)))
            .Select(p => (string[])[p.Name, Text(p.Value)]),
    ];

    private CustomResourceSnapshot? Snapshot(ResourceInstance instance) =>
        notifications.TryGetCurrentState(instance.Id, out var state) ? state.Snapshot : null;

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ParameterResource => "Parameter",
        ContainerResource => "Container",
        ExecutableResource => "Executable",
        MySqlDatabaseResource => "Database",
        _ => "Value",
    };

    private static string? SourceOf(IResource resource, CustomResourceSnapshot? snapshot) => resource switch
    {
        ProjectResource => resource.Annotations.OfType<IProjectMetadata>().LastOrDefault()?.ProjectPath,
        MySqlDatabaseResource database => database.DatabaseName,
        ExecutableResource executable => executable.Command,
        _ => snapshot?.Properties.Where(p => p.Name == CustomResourceKnownProperties.Source).Select(p => Text(p.Value)).FirstOrDefault(),
    };

    private static IReadOnlyList<UrlItem> Urls(CustomResourceSnapshot? snapshot) => [.. (snapshot?.Urls ?? []).Where(u => !u.IsInternal).Select(u => new UrlItem(u.Name, u.Url))];

    private static IReadOnlyList<string> Names(IEnumerable<IResource> resources) => [.. resources.Select(r => r.Name).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static double? Milliseconds(DateTime? time) => time is { } at ? (at - DateTime.UnixEpoch).TotalMilliseconds : null;
}
