using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Identity;

namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

/// <summary>Erases transcripts past the time their practice keeps them, a few in each transaction. One practice's failure is not another's.</summary>
internal sealed partial class TranscriptRetention(IRetentionStore store, TimeProvider timeProvider, ILogger<TranscriptRetention> logger)
{
    // Of the longest transcripts that is 100,000 segments.
    private const int SessionsAtOnce = 20;

    public async Task EraseAsync(CancellationToken cancellationToken)
    {
        foreach (var retention in await store.FindLimitedAsync(cancellationToken))
        {
            try
            {
                await EraseAsync(retention, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogPutOff(exception, retention.PracticeId);
            }
        }
    }

    private async Task EraseAsync(PracticeRetention retention, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var storedUpTo = now - TranscriptKeeping.LifeOf(retention.Transcripts)!.Value;
        IReadOnlyList<Guid> erased;
        do
        {
            erased = await store.EraseAsync(retention, storedUpTo, now, SessionsAtOnce, sessionId => Audited(sessionId, now), cancellationToken);
            if (erased.Count > 0)
            {
                LogErased(erased.Count, retention.PracticeId);
            }
        }
        while (erased.Count == SessionsAtOnce);
    }

    private static AuditEntry Audited(Guid sessionId, DateTimeOffset now) => new(
        Guid.CreateVersion7(now), now, UserId: null, UserRole.Service.ToWire(), AuditActions.TranscriptErased, AuditRecords.Session,
        sessionId.ToString(), AuditOutcomes.Success, Correlation.Current);

    [LoggerMessage(LogLevel.Information, "Erased {Count} transcripts of practice {PracticeId}.")]
    private partial void LogErased(int count, Guid practiceId);

    [LoggerMessage(LogLevel.Error, "Could not erase the transcripts of practice {PracticeId} that are due; trying again with the next round.")]
    private partial void LogPutOff(Exception exception, Guid practiceId);
}
