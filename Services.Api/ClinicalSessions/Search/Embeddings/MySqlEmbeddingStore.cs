using System.Runtime.InteropServices;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Data;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions.Search.Embeddings;

internal sealed class MySqlEmbeddingStore(Database database) : IEmbeddingStore
{
    public Task<IReadOnlyList<StoredEmbedding>> ReadAsync(
        Guid practiceId, IReadOnlyCollection<Guid> sessionIds, string model, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<StoredEmbedding>>(
            async (connection, token) =>
            {
                var rows = await connection.QueryAsync<Row>(new CommandDefinition(
                    """
                    select session_id, position, vector
                    from clinical_session_embeddings
                    where session_id in @sessionIds and model = @model and practice_id = @practiceId
                    """,
                    new { practiceId, sessionIds = sessionIds.Select(id => id.ToString()), model },
                    cancellationToken: token));
                return [.. rows.Select(row => new StoredEmbedding(row.SessionId, row.Position, MemoryMarshal.Cast<byte, Half>(row.Vector).ToArray()))];
            },
            cancellationToken);

    public Task AddAsync(Guid practiceId, string model, IReadOnlyList<StoredEmbedding> embeddings, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                // Held until the commit, so that a transcript that is erased meanwhile takes these with it, or is seen to be gone.
                var held = (await connection.QueryAsync<Guid>(new CommandDefinition(
                    """
                    select id from clinical_sessions
                    where id in @ids and practice_id = @practiceId and total_segments > 0
                    order by id
                    lock in share mode
                    """,
                    new { practiceId, ids = embeddings.Select(embedding => embedding.SessionId.ToString()).Distinct() },
                    transaction,
                    cancellationToken: token))).ToHashSet();
                await MultiRowInsert.ExecuteAsync(
                    connection,
                    transaction,
                    "replace into clinical_session_embeddings (session_id, model, position, practice_id, vector)",
                    embeddings.Where(embedding => held.Contains(embedding.SessionId)).Select(embedding => (object?[])
                        [embedding.SessionId, model, embedding.Position, practiceId, MemoryMarshal.AsBytes(embedding.Vector.AsSpan()).ToArray()]),
                    token);
            },
            cancellationToken);

    private sealed record Row(Guid SessionId, int Position, byte[] Vector);
}
