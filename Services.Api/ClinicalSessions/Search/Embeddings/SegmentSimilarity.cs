using System.Numerics.Tensors;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;

/// <summary>
/// How near segments are to a query in meaning. What was embedded before is read, the rest is embedded and kept; when the server fails,
/// a search goes on without.
/// </summary>
internal sealed partial class SegmentSimilarity(
    EmbeddingClient client, IEmbeddingStore store, IOptions<EmbeddingOptions> options, TimeProvider timeProvider, ILogger<SegmentSimilarity> logger)
{
    // Vectors in memory at a time: some ten megabytes.
    private const int SegmentsAtOnce = 2_000;

    /// <returns>For each segment its cosine, null where there is none; and how far that went.</returns>
    public async Task<(double?[] Cosines, string State)> MeasureAsync(
        Guid practiceId, string query, IReadOnlyList<SessionSegment> segments, CancellationToken cancellationToken)
    {
        var cosines = new double?[segments.Count];
        if (!options.Value.IsConfigured)
        {
            return (cosines, EmbeddingStates.Off);
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.TimeoutSeconds), timeProvider);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var target = (await client.EmbedAsync([query], dimensions: null, bound.Token))[0];
            await MeasureAsync(practiceId, target, segments, cosines, bound.Token);
            return (cosines, cosines.Contains(null) ? EmbeddingStates.Partial : EmbeddingStates.Used);
        }
        catch (EmbeddingException exception)
        {
            LogFailed(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception);
        }

        // A ranking with some cosines and not the others, by the chance of when the server failed, would be neither.
        return (new double?[segments.Count], EmbeddingStates.Unavailable);
    }

    private async Task MeasureAsync(
        Guid practiceId, float[] target, IReadOnlyList<SessionSegment> segments, double?[] cosines, CancellationToken cancellationToken)
    {
        var left = options.Value.NewSegmentsPerSearch;
        foreach (var chunk in segments.Index().Chunk(SegmentsAtOnce))
        {
            var sessionIds = chunk.Select(entry => entry.Item.SessionId).Distinct().ToList();

            // Of another length when another model was put behind the name: made again, because no cosine is better than a wrong one.
            var known = (await store.ReadAsync(practiceId, sessionIds, options.Value.Model!, cancellationToken))
                .Where(embedding => embedding.Vector.Length == target.Length)
                .ToDictionary(embedding => (embedding.SessionId, embedding.Position), embedding => embedding.Vector);
            var unknown = chunk.Where(entry => !known.ContainsKey((entry.Item.SessionId, entry.Item.Position))).Take(left).ToList();
            left -= unknown.Count;
            foreach (var batch in unknown.Chunk(options.Value.BatchSize))
            {
                var vectors = await client.EmbedAsync([.. batch.Select(entry => entry.Item.Segment.Text)], target.Length, cancellationToken);
                var made = batch.Select((entry, index) => new StoredEmbedding(entry.Item.SessionId, entry.Item.Position, ToHalves(vectors[index]))).ToList();
                await store.AddAsync(practiceId, options.Value.Model!, made, cancellationToken);
                made.ForEach(embedding => known[(embedding.SessionId, embedding.Position)] = embedding.Vector);
            }

            foreach (var (index, segment) in chunk)
            {
                cosines[index] = known.TryGetValue((segment.SessionId, segment.Position), out var vector)
                    ? CosineOf(vector, target)
                    : null;
            }
        }
    }

    private static Half[] ToHalves(float[] vector)
    {
        var halves = new Half[vector.Length];
        TensorPrimitives.ConvertToHalf(vector, halves);
        return halves;
    }

    private static double CosineOf(Half[] vector, float[] target)
    {
        var singles = new float[vector.Length];
        TensorPrimitives.ConvertToSingle(vector, singles);
        return TensorPrimitives.CosineSimilarity(singles, target);
    }

    [LoggerMessage(LogLevel.Warning, "The embedding server failed; the search went by words alone.")]
    private partial void LogFailed(Exception exception);
}

/// <summary>What embeddings did for a search, as it is told.</summary>
internal static class EmbeddingStates
{
    public const string Used = "used";
    public const string Partial = "partial";
    public const string Unavailable = "unavailable";
    public const string Off = "off";
}
