using System.Data.Common;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.Audit;
using Dapper;

namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

internal sealed class MySqlRetentionStore(Database database, AuditTrail audit) : IRetentionStore
{
    public async Task<RetentionSetting> FindAsync(Guid practiceId, CancellationToken cancellationToken) =>
        await database.RunAsync(
            (connection, token) => connection.QuerySingleOrDefaultAsync<RetentionSetting?>(new CommandDefinition(
                "select transcripts, version from transcript_retention where practice_id = @practiceId",
                new { practiceId },
                cancellationToken: token)),
            cancellationToken) ?? RetentionSetting.Unchosen;

    public Task<RetentionSetting> ChangeAsync(
        Guid practiceId, IfMatch expected, string transcripts, AuditEntry audited, CancellationToken cancellationToken) =>
        database.RunInTransactionAsync(
            async (connection, transaction, token) =>
            {
                // Takes the row's lock whether it was there or not.
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into transcript_retention (practice_id, transcripts, version, updated_at)
                    values (@practiceId, @Transcripts, @Version, @OccurredAt)
                    on duplicate key update version = version
                    """,
                    new { practiceId, RetentionSetting.Unchosen.Transcripts, RetentionSetting.Unchosen.Version, audited.OccurredAt },
                    transaction,
                    cancellationToken: token));
                var found = await connection.QuerySingleAsync<RetentionSetting>(new CommandDefinition(
                    "select transcripts, version from transcript_retention where practice_id = @practiceId for update",
                    new { practiceId },
                    transaction,
                    cancellationToken: token));
                expected.Ensure(found.Version);
                var changed = new RetentionSetting(transcripts, found.Version + 1);
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    update transcript_retention set transcripts = @Transcripts, version = @Version, updated_at = @OccurredAt
                    where practice_id = @practiceId
                    """,
                    new { practiceId, changed.Transcripts, changed.Version, audited.OccurredAt },
                    transaction,
                    cancellationToken: token));
                await audit.AppendAsync(connection, transaction, practiceId, audited, token);
                return changed;
            },
            cancellationToken);

    public Task<IReadOnlyList<PracticeRetention>> FindLimitedAsync(CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<PracticeRetention>>(
            async (connection, token) => [.. await connection.QueryAsync<PracticeRetention>(new CommandDefinition(
                "select practice_id, transcripts from transcript_retention where transcripts <> @Kept order by practice_id",
                new { TranscriptKeeping.Kept },
                cancellationToken: token))],
            cancellationToken);

    public Task<IReadOnlyList<Guid>> EraseAsync(
        PracticeRetention retention, DateTimeOffset storedUpTo, DateTimeOffset now, int limit, Func<Guid, AuditEntry> audited,
        CancellationToken cancellationToken) =>
        database.RunInTransactionAsync<IReadOnlyList<Guid>>(
            async (connection, transaction, token) =>
            {
                var due = await FindDueAsync(connection, transaction, retention, storedUpTo, limit, token);
                if (due.Count == 0)
                {
                    return [];
                }

                await EraseAsync(connection, transaction, retention.PracticeId, due, now, token);
                await audit.AppendAsync(connection, transaction, retention.PracticeId, [.. due.Select(session => audited(session.Id))], token);
                return [.. due.Select(session => session.Id)];
            },
            cancellationToken);

    private static async Task<IReadOnlyList<DueSession>> FindDueAsync(
        DbConnection connection, DbTransaction transaction, PracticeRetention retention, DateTimeOffset storedUpTo, int limit,
        CancellationToken cancellationToken)
    {
        // Shared, so that replicas go on side by side and only a change of the setting waits.
        var chosen = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select transcripts from transcript_retention where practice_id = @PracticeId lock in share mode",
            new { retention.PracticeId },
            transaction,
            cancellationToken: cancellationToken));
        return chosen != retention.Transcripts
            ? []
            : [.. await connection.QueryAsync<DueSession>(new CommandDefinition(
                """
                select id, title
                from clinical_sessions
                where practice_id = @PracticeId and transcript_stored_at <= @storedUpTo
                order by transcript_stored_at, id
                limit @limit
                for update skip locked
                """,
                new { retention.PracticeId, storedUpTo, limit },
                transaction,
                cancellationToken: cancellationToken))];
    }

    private static async Task EraseAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, IReadOnlyList<DueSession> due, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var parameters = new { practiceId, ids = due.Select(session => session.Id.ToString()), now };
        foreach (var statement in (string[])
        [
            """
            update clinical_sessions
            set total_segments = 0, transcript_stored_at = null, transcript_expired_at = @now, version = version + 1
            where id in @ids and practice_id = @practiceId
            """,
            "delete from clinical_session_segments where session_id in @ids and practice_id = @practiceId",
            "delete from clinical_session_embeddings where session_id in @ids and practice_id = @practiceId",
            "delete from clinical_session_words where session_id in @ids and practice_id = @practiceId",
        ])
        {
            await connection.ExecuteAsync(new CommandDefinition(statement, parameters, transaction, cancellationToken: cancellationToken));
        }

        // The title stays, and is found.
        await ClinicalSessionRows.InsertWordsAsync(connection, transaction, practiceId, due.Select(session => (session.Id, Keywords.WordsOf(session.Title, []))), cancellationToken);
    }

    private sealed record DueSession(Guid Id, string Title);
}
