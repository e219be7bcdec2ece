using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard.Resources;

/// <summary>What a resource is in when its instances may be in several states, and what can be done about it.</summary>
internal static class ResourceStates
{
    public const string Unknown = "Unknown";

    public static (string Text, string Style) Of(IReadOnlyList<CustomResourceSnapshot> instances)
    {
        var states = instances.Select(s => s.State?.Text ?? Unknown).Distinct().ToList();
        switch (states)
        {
            case []:
                return (Unknown, KnownResourceStateStyles.Info);
            case [var only]:
                return (only, instances.Select(StyleOf).MaxBy(Weight)!);
            default:
                var running = instances.Count(IsRunning);
                return running > 0
                    ? ($"{running} of {instances.Count} running", KnownResourceStateStyles.Warn)
                    : (string.Join(", ", states), instances.Select(StyleOf).MaxBy(Weight)!);
        }
    }

    public static IReadOnlyList<CommandItem> Commands(IResource resource, IReadOnlyList<CustomResourceSnapshot> instances) => !ResourceCommandService.HasCommands(resource)
        ? []
        : [
            new(KnownResourceCommands.StartCommand, instances.Any(HasEnded)),
            new(KnownResourceCommands.StopCommand, instances.Any(s => !HasEnded(s))),
            new(KnownResourceCommands.RestartCommand, instances.Any(IsRunning)),
        ];

    private static bool IsRunning(CustomResourceSnapshot snapshot) => snapshot.State?.Text == KnownResourceStates.Running;

    private static bool HasEnded(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } text && (text == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(text));

    private static string StyleOf(CustomResourceSnapshot snapshot) => snapshot.State switch
    {
        { Text: nameof(KnownResourceStates.FailedToStart) or nameof(KnownResourceStates.RuntimeUnhealthy) or nameof(KnownResourceStates.ValueMissing) } => KnownResourceStateStyles.Error,
        { Text: nameof(KnownResourceStates.Running) } when snapshot.HealthReports.Any(r => r.Status is null) => KnownResourceStateStyles.Info,
        { Text: nameof(KnownResourceStates.Running) } => snapshot.HealthStatus is HealthStatus.Healthy ? KnownResourceStateStyles.Success : KnownResourceStateStyles.Warn,
        { Style: { } style } => style,
        _ => KnownResourceStateStyles.Info,
    };

    private static int Weight(string style) => style switch
    {
        "error" => 3,
        "warning" => 2,
        "info" => 1,
        _ => 0,
    };
}
