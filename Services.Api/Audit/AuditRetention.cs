using System.Globalization;
using AiPlatform.ServiceDefaults.Http;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Identity;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Audit;

/// <summary>Removes rows past their time from the old end of each chain, which stays verifiable from the last removed row on.</summary>
internal sealed partial class AuditRetention(
    IAuditStore store, IOptions<AuditOptions> options, TimeProvider timeProvider, ILogger<AuditRetention> logger)
{
    private const int RowsAtOnce = 1_000;

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (var practiceId in await store.FindPracticesAsync(cancellationToken))
        {
            await RemoveAsync(practiceId, cancellationToken);
        }
    }

    private async Task RemoveAsync(Guid practiceId, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (await store.FindLastBeforeAsync(practiceId, now.AddDays(-options.Value.RetentionDays), cancellationToken) is { } last)
        {
            var entry = new AuditEntry(
                Guid.CreateVersion7(now), now, UserId: null, UserRole.Service.ToWire(), AuditActions.RowsRemoved, AuditRecords.Audit,
                last.SequenceNumber.ToString(CultureInfo.InvariantCulture), AuditOutcomes.Success, Correlation.Current);
            if (await store.TryMoveAnchorAsync(practiceId, last, entry, cancellationToken))
            {
                LogRemoved(practiceId, last.SequenceNumber);
            }
        }

        // Apart from the transaction above, which everybody who records something waits for; what is left when this breaks off goes next time.
        while (await store.DeleteUpToAnchorAsync(practiceId, RowsAtOnce, cancellationToken) == RowsAtOnce)
        {
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed the audit of practice {PracticeId} up to row {SequenceNumber}.")]
    private partial void LogRemoved(Guid practiceId, long sequenceNumber);
}
