namespace AiPlatform.Services.Api.Audit;

internal interface IAuditStore
{
    /// <summary>
    /// Records events in a transaction of their own, each once: those whose id the practice's chain has already are left out, so that a
    /// call whose answer was lost may be made again. Nothing is recorded when one of the ids stands for another event.
    /// </summary>
    Task<AuditAppended> AppendAsync(Guid practiceId, IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken);

    /// <returns>The newest matching events by when they happened, from after the cursor's place on.</returns>
    Task<IReadOnlyList<AuditEventResponse>> ListAsync(
        Guid practiceId, AuditFilter filter, AuditCursor? after, int limit, CancellationToken cancellationToken);

    /// <returns>Rows from after the place on, or from after the anchor when that lies further, with the chain's ends at the same moment.</returns>
    Task<AuditPage> ReadPageAsync(Guid practiceId, long afterSequenceNumber, int limit, CancellationToken cancellationToken);

    /// <returns>The practices that have a chain.</returns>
    Task<IReadOnlyList<Guid>> FindPracticesAsync(CancellationToken cancellationToken);

    /// <returns>The last row that was recorded before the time, with nothing later before it; null when there is none.</returns>
    Task<AuditPlace?> FindLastBeforeAsync(Guid practiceId, DateTimeOffset recordedBefore, CancellationToken cancellationToken);

    /// <summary>Lets the chain begin after <paramref name="anchor"/> and says so in the chain, in one transaction.</summary>
    /// <returns><see langword="false"/> when it begins there or later already.</returns>
    Task<bool> TryMoveAnchorAsync(Guid practiceId, AuditPlace anchor, AuditEntry entry, CancellationToken cancellationToken);

    /// <returns>How many of the rows up to the anchor were deleted; fewer than the limit when none are left.</returns>
    Task<int> DeleteUpToAnchorAsync(Guid practiceId, int limit, CancellationToken cancellationToken);
}

/// <param name="Conflicting">Ids that stand for other events; when there are any, nothing was recorded.</param>
internal sealed record AuditAppended(int Recorded, int Repeated, IReadOnlyList<Guid> Conflicting);

/// <param name="Anchor">The last removed row; the beginning when none was removed.</param>
/// <param name="Head">The last row, as whoever wrote it noted.</param>
internal sealed record AuditPage(AuditPlace Anchor, AuditPlace Head, IReadOnlyList<AuditRow> Rows);

/// <summary>What a reader asks for; what is null does not limit it.</summary>
internal sealed record AuditFilter(
    DateTimeOffset? From, DateTimeOffset? Before, Guid? UserId, string? Action, string? RecordType, string? RecordId, string? Outcome);
