using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.ClinicalSessions.Import;
using AiPlatform.Services.Api.Consents;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions;

internal sealed class MySqlTranscriptStore(Database database, AuditTrail audit) : ITranscriptStore
{
    public Task<IReadOnlyList<TranscriptSegment>> ReadAsync(Guid practiceId, Guid sessionId, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<TranscriptSegment>>(
            async (connection, token) => [.. await connection.QueryAsync<TranscriptSegment>(new CommandDefinition(
                """
                select speaker, start_ms, text
                from clinical_session_segments
                where session_id = @sessionId and practice_id = @practiceId
                order by position
                """,
                new { practiceId, sessionId },
                cancellationToken: token))],
            cancellationToken);

    public async Task<IReadOnlyList<SessionSegment>> ReadAllAsync(
        Guid practiceId, IReadOnlyCollection<Guid> sessionIds, CancellationToken cancellationToken)
    {
        if (sessionIds.Count == 0)
        {
            return [];
        }

        var rows = await database.RunAsync(
            async (connection, token) => (await connection.QueryAsync<SegmentRow>(new CommandDefinition(
                """
                select session_id, position, speaker, start_ms, text
                from clinical_session_segments
                where session_id in @sessionIds and practice_id = @practiceId
                order by session_id, position
                """,
                new { practiceId, sessionIds = sessionIds.Select(id => id.ToString()) },
                cancellationToken: token))).ToLookup(row => row.SessionId, row => row.ToSegment()),
            cancellationToken);
        return [.. sessionIds.SelectMany(id => rows[id])];
    }

    public async Task<IReadOnlyList<SpeakerResponse>> ReadSpeakersAsync(Guid practiceId, Guid sessionId, CancellationToken cancellationToken)
    {
        // A text is trimmed, and its words stand one blank apart.
        var rows = await database.RunAsync(
            async (connection, token) => (await connection.QueryAsync<SpeakerRow>(new CommandDefinition(
                """
                select speaker, count(*) as segments, cast(sum(char_length(text) - char_length(replace(text, ' ', '')) + 1) as signed) as words
                from clinical_session_segments
                where session_id = @sessionId and practice_id = @practiceId
                group by speaker
                order by min(position)
                """,
                new { practiceId, sessionId },
                cancellationToken: token))).ToList(),
            cancellationToken);
        var all = rows.Sum(row => row.Words);
        return [.. rows.Select(row => new SpeakerResponse(
            row.Speaker, SpeakerRoles.Of(row.Speaker), (int)row.Segments, (int)row.Words, Math.Round(row.Words / (double)all, 3)))];
    }

    public async Task<StoredImport> AddAsync(
        Guid practiceId, SessionImport import, ClinicalSession session, IReadOnlyList<TranscriptSegment> segments, CancellationToken cancellationToken)
    {
        try
        {
            await database.RunInTransactionAsync(
                async (connection, transaction, token) =>
                {
                    // First, so that another import with the key waits here until this one has committed.
                    await connection.ExecuteAsync(new CommandDefinition(
                        """
                        insert into session_imports (practice_id, user_id, idempotency_key, body_hash, session_id, created_at)
                        values (@practiceId, @UserId, @IdempotencyKey, @BodyHash, @sessionId, @ImportedAt)
                        """,
                        new { practiceId, import.UserId, import.IdempotencyKey, import.BodyHash, sessionId = session.Id, import.ImportedAt },
                        transaction,
                        cancellationToken: token));
                    await ConsentGuard.EnsureRecordingAsync(connection, transaction, practiceId, session.ClientId, token);
                    await ClinicalSessionRows.InsertAsync(
                        connection, transaction, practiceId, [(session, segments)], import.ImportedAt, token);
                    await audit.AppendAsync(connection, transaction, practiceId, import.Audit, token);
                },
                cancellationToken);
            return new(Added: true, import.BodyHash, session.Id);
        }
        catch (DbException exception) when (exception.IsDuplicateKey())
        {
            return await database.RunAsync(
                async (connection, token) =>
                {
                    var (bodyHash, sessionId) = await connection.QuerySingleAsync<(string, Guid)>(new CommandDefinition(
                        """
                        select body_hash, session_id
                        from session_imports
                        where practice_id = @practiceId and user_id = @UserId and idempotency_key = @IdempotencyKey
                        """,
                        new { practiceId, import.UserId, import.IdempotencyKey },
                        cancellationToken: token));
                    return new StoredImport(Added: false, bodyHash, sessionId);
                },
                cancellationToken);
        }
    }

    private sealed record SegmentRow(Guid SessionId, int Position, string Speaker, int StartMs, string Text)
    {
        public SessionSegment ToSegment() => new(SessionId, Position, new(Speaker, StartMs, Text));
    }

    private sealed record SpeakerRow(string Speaker, long Segments, long Words);
}
