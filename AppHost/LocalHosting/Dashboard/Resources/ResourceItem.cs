namespace Aspire.Hosting.Dashboard.Resources;

/// <summary>A resource as its page shows it, with all its instances. Times are milliseconds since the Unix epoch. No secret is in it.</summary>
internal sealed record ResourceItem(
    string Name,
    string DisplayName,
    string Type,
    string State,
    string StateStyle,
    string? Health,
    IReadOnlyList<HealthReportItem> HealthReports,
    IReadOnlyList<InstanceItem> Instances,
    double? Start,
    double? Stop,
    IReadOnlyList<UrlItem> Urls,
    string? Source,
    IReadOnlyList<VariableItem> Environment,
    IReadOnlyList<string> References,
    IReadOnlyList<string> WaitsFor,
    string? Parent,
    IReadOnlyList<CommandItem> Commands,
    IReadOnlyList<string[]> Properties);

internal sealed record HealthReportItem(string Name, string? Status, string? Description, string? Exception);

internal sealed record InstanceItem(string Id, int? Pid, string State, int? ExitCode, double? Start, IReadOnlyList<UrlItem> Urls, IReadOnlyList<CommandItem> Commands);

internal sealed record UrlItem(string? Name, string Url);

/// <summary>A variable of the resource's processes; the value of a secret one is asked for by itself.</summary>
internal sealed record VariableItem(string Name, string? Value, bool IsSecret);

internal sealed record CommandItem(string Name, bool IsEnabled);

internal sealed record VariableValue(string Name, string? Value);

internal sealed record CommandResult(bool Success, string? Message);
