namespace AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;

/// <summary>The vectors of transcript segments, by the model that made them. They go with their transcript.</summary>
internal interface IEmbeddingStore
{
    Task<IReadOnlyList<StoredEmbedding>> ReadAsync(
        Guid practiceId, IReadOnlyCollection<Guid> sessionIds, string model, CancellationToken cancellationToken);

    /// <summary>Keeps those whose transcript is still there at that moment, in the place of what is kept of them already.</summary>
    Task AddAsync(Guid practiceId, string model, IReadOnlyList<StoredEmbedding> embeddings, CancellationToken cancellationToken);
}

/// <param name="Vector">
/// Of length 1, in 16-bit floats: half the bytes, and a cosine that is right to the third digit. Also before it was stored, so that a
/// segment is as near when it is found again as it was at first.
/// </param>
internal sealed record StoredEmbedding(Guid SessionId, int Position, Half[] Vector);
