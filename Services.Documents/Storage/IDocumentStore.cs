namespace AiPlatform.Services.Documents.Storage;

/// <summary>Documents and their versions. A practice never sees another's, whatever id it asks for.</summary>
internal interface IDocumentStore
{
    /// <summary>Stores document and version 1, and settles the claim, all or nothing.</summary>
    /// <returns><see langword="false"/> when the claim was lost to another request meanwhile; nothing is stored then.</returns>
    Task<bool> TryAddAsync(
        Guid practiceId, StoredDocument document, IdempotencyClaim? claim, CancellationToken cancellationToken);

    /// <summary>Adds the version unless another one took its number, and settles the claim, all or nothing.</summary>
    Task<AddVersionOutcome> TryAddVersionAsync(
        Guid practiceId, Guid documentId, DocumentVersion version, IdempotencyClaim? claim, CancellationToken cancellationToken);

    /// <param name="version">Null for the latest.</param>
    Task<StoredDocument?> FindAsync(Guid practiceId, Guid id, int? version, CancellationToken cancellationToken);

    /// <summary>The user's own documents, newest first, latest versions.</summary>
    /// <param name="chatSessionId">Only those written in that chat session; null for all.</param>
    /// <param name="before">Only documents older than this one; null from the newest.</param>
    Task<IReadOnlyList<StoredDocument>> ListAsync(
        Guid practiceId, Guid userId, string? chatSessionId, Guid? before, int limit, CancellationToken cancellationToken);

    /// <summary>All versions, oldest first; empty when there is no such document.</summary>
    Task<IReadOnlyList<DocumentVersionSummary>> ListVersionsAsync(Guid practiceId, Guid id, CancellationToken cancellationToken);
}

internal enum AddVersionOutcome
{
    Added,
    VersionTaken,
    ClaimLost,
}

internal sealed record DocumentVersionSummary(int Version, string Name, string Instructions, int WordCount, string Model, DateTimeOffset CreatedAt);
