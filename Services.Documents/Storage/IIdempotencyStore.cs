namespace AiPlatform.Services.Documents.Storage;

/// <summary>Idempotency keys of one user: which request came with a key, and what became of it. Kept for a week.</summary>
internal interface IIdempotencyStore
{
    /// <summary>Claims the key for a request, or says what an earlier request with it led to.</summary>
    /// <param name="requestHash">Of operation and body.</param>
    /// <param name="lease">How long the claim holds when the claimant dies.</param>
    Task<ClaimResult> ClaimAsync(
        Guid practiceId, Guid userId, string key, string requestHash, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives a claim back after a failure, so that the key can be tried again at once.</summary>
    Task ReleaseAsync(IdempotencyClaim claim, CancellationToken cancellationToken);
}

/// <summary>The right to carry out the request of a key.</summary>
internal sealed record IdempotencyClaim(Guid PracticeId, Guid UserId, string Key, Guid LeaseId);

internal enum ClaimState
{
    Claimed,

    /// <summary>Another request with the key is being carried out.</summary>
    Busy,
    Done,

    /// <summary>The key came with another request.</summary>
    Reused,
}

internal sealed record ClaimResult(ClaimState State, IdempotencyClaim? Claim = null, Guid? DocumentId = null, int? Version = null);
