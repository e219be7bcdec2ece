using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>The end of a replica's part in a run.</summary>
internal sealed partial class RunClosing(ActiveRuns runs, IRunStore store, ILogger<RunClosing> logger)
{
    public async Task CloseAsync(ActiveRun run)
    {
        if (!runs.Remove(run))
        {
            return;
        }

        var isComplete = run.Output is { State: LogState.Stored, Progress.HasEnded: true };
        run.Dispose();
        if (isComplete)
        {
            await CloseLogAsync(run.Accepted);
        }
    }

    private async Task CloseLogAsync(AcceptedRun run)
    {
        try
        {
            await store.CloseLogAsync(run.Session.PracticeId, run.RunId, CancellationToken.None);
        }
        catch (DependencyUnavailableException exception)
        {
            // The sweeper finds the log complete and closes it.
            LogNotClosed(exception, run.RunId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The log of run {RunId} is complete, which could not be recorded yet.")]
    private partial void LogNotClosed(Exception exception, Guid runId);
}
