using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Hosting;

namespace AiPlatform.Services.Api.Audit;

/// <summary>
/// Writes what is queued, one transaction for each practice and batch. Ends only when the queue has ended and is empty; the host ends the
/// server before it, so that no request is left to queue anything.
/// </summary>
internal sealed partial class AuditWorker(AuditQueue queue, IAuditStore store, TimeProvider timeProvider, ILogger<AuditWorker> logger)
    : FinishingService
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    // Never disposed: it has no timer, and the host may be told to stop again after it was.
    private readonly CancellationTokenSource _givingUp = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.End();
        await base.StopAsync(cancellationToken);

        // Past the time the host gives to its end: what could not be written is at least named.
        await _givingUp.CancelAsync();
        await (ExecuteTask ?? Task.CompletedTask);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await queue.TakeAsync(CancellationToken.None) is { Count: > 0 } batch)
        {
            foreach (var practice in batch.GroupBy(queued => queued.PracticeId, queued => queued.Entry))
            {
                await WriteAsync(practice.Key, [.. practice]);
            }
        }
    }

    private async Task WriteAsync(Guid practiceId, IReadOnlyList<AuditEntry> entries)
    {
        while (true)
        {
            try
            {
                await store.AppendAsync(practiceId, entries, _givingUp.Token);
                return;
            }
            catch (DatabaseUnavailableException exception)
            {
                LogWaiting(entries.Count, exception.Reason);
            }
            catch (Exception exception)
            {
                // One bad event must not end the service, and its fellows must not end with it unnoticed.
                LogNotWritten(exception);
                foreach (var entry in entries)
                {
                    LogLost(practiceId, entry.EventId, entry.UserId, entry.Action, entry.RecordType, entry.RecordId, entry.Outcome, entry.OccurredAt);
                }

                return;
            }

            await Task.Delay(BetweenTries, timeProvider, _givingUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} audit events wait for the database ({Reason}).")]
    private partial void LogWaiting(int count, string reason);

    [LoggerMessage(LogLevel.Critical, "Audit events could not be written; they follow.")]
    private partial void LogNotWritten(Exception exception);

    [LoggerMessage(
        LogLevel.Critical,
        "Not in the audit of practice {PracticeId}: {EventId}, user {UserId}, {Action} {RecordType} {RecordId}, {Outcome}, at {OccurredAt:O}.")]
    private partial void LogLost(
        Guid practiceId, Guid eventId, Guid? userId, string action, string recordType, string recordId, string outcome, DateTimeOffset occurredAt);
}
