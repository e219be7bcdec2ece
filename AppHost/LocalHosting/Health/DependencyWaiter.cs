using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Health;

/// <summary>Holds a resource back until everything it waits for is there, and shows meanwhile what that is.</summary>
internal static class DependencyWaiter
{
    private const string WaitingFor = "resource.waitingFor";

    public static async Task WaitAsync(ResourceNotificationService notifications, IResource resource, string resourceId, CancellationToken cancellationToken)
    {
        if (!resource.TryGetAnnotationsOfType<WaitAnnotation>(out var waits))
        {
            return;
        }

        var pending = waits.Select(w => (Name: w.Resource.Name, Task: WaitAsync(notifications, w, cancellationToken))).ToList();
        if (pending.All(p => p.Task.IsCompletedSuccessfully))
        {
            return;
        }

        var names = string.Join(", ", pending.Where(p => !p.Task.IsCompleted).Select(p => p.Name).Distinct());
        await notifications.PublishUpdateAsync(resource, resourceId, s => s with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Waiting, KnownResourceStateStyles.Info),
            Properties = [.. s.Properties.Where(p => p.Name != WaitingFor), new ResourcePropertySnapshot(WaitingFor, names)],
        });
        await Task.WhenAll(pending.Select(p => p.Task));
        await notifications.PublishUpdateAsync(resource, resourceId, s => s with
        {
            Properties = [.. s.Properties.Where(p => p.Name != WaitingFor)],
        });
    }

    private static Task WaitAsync(ResourceNotificationService notifications, WaitAnnotation wait, CancellationToken cancellationToken) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => notifications.WaitForResourceHealthyAsync(
            wait.Resource.Name, wait.WaitBehavior ?? notifications.DefaultWaitBehavior, cancellationToken),
        WaitType.WaitUntilStarted => WaitUntilStartedAsync(notifications, wait, cancellationToken),
        _ => WaitForCompletionAsync(notifications, wait, cancellationToken),
    };

    private static async Task WaitUntilStartedAsync(ResourceNotificationService notifications, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        var stops = (wait.WaitBehavior ?? notifications.DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        var decided = await notifications.WaitAsync(
            name,
            "to run",
            e => notifications.All(name, s => s.State?.Text == KnownResourceStates.Running)
                || (stops && ResourceNotificationService.IsUnavailable(e.Snapshot)),
            cancellationToken);
        if (stops && ResourceNotificationService.IsUnavailable(decided.Snapshot))
        {
            throw new DistributedApplicationException(
                $"Dependency resource '{name}' failed to start. {notifications.Describe(name)}");
        }
    }

    private static async Task WaitForCompletionAsync(ResourceNotificationService notifications, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        await notifications.WaitAsync(
            name,
            "to complete",
            e => notifications.All(name, s => s.State?.Text is { } text && KnownResourceStates.TerminalStates.Contains(text)),
            cancellationToken);
        if (!notifications.All(name, s => s.State?.Text != KnownResourceStates.FailedToStart && s.ExitCode == wait.ExitCode))
        {
            throw new DistributedApplicationException(
                $"Dependency resource '{name}' did not complete with exit code {wait.ExitCode}. {notifications.Describe(name)}");
        }
    }
}
