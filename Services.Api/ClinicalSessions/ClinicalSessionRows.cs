using System.Data.Common;
using AiPlatform.Services.Api.Data;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>Writes sessions with their transcripts and search words inside somebody's transaction.</summary>
internal static class ClinicalSessionRows
{
    public static async Task InsertAsync(
        DbConnection connection,
        DbTransaction transaction,
        Guid practiceId,
        IReadOnlyList<(ClinicalSession Session, IReadOnlyList<TranscriptSegment> Segments)> sessions,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert into clinical_sessions
                (id, practice_id, client_id, practitioner_id, title, started_at, duration_seconds, total_segments, average_confidence, status,
                 version, transcript_stored_at, created_at)
            """,
            sessions.Select(entry => (object?[])
            [
                entry.Session.Id, practiceId, entry.Session.ClientId, entry.Session.PractitionerId, entry.Session.Title,
                entry.Session.StartedAt, entry.Session.DurationSeconds, entry.Session.TotalSegments, entry.Session.AverageConfidence,
                entry.Session.Status, entry.Session.Version, entry.Session.HasTranscript ? now : null, now,
            ]),
            cancellationToken);
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into clinical_session_segments (session_id, position, practice_id, speaker, start_ms, text)",
            sessions.SelectMany(entry => entry.Segments.Select((segment, position) => (object?[])
                [entry.Session.Id, position, practiceId, segment.Speaker, segment.StartMs, segment.Text])),
            cancellationToken);
        await InsertWordsAsync(
            connection,
            transaction,
            practiceId,
            sessions.Select(entry => (entry.Session.Id, Keywords.WordsOf(entry.Session.Title, entry.Segments.Select(segment => segment.Text)))),
            cancellationToken);
    }

    public static Task InsertWordsAsync(
        DbConnection connection, DbTransaction transaction, Guid practiceId, IEnumerable<(Guid SessionId, string Words)> words,
        CancellationToken cancellationToken) =>
        MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert into clinical_session_words (session_id, practice_id, words)",
            words.Select(entry => (object?[])[entry.SessionId, practiceId, entry.Words]),
            cancellationToken);
}
