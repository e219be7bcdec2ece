using System.Data.Common;
using AiPlatform.Services.Api.Consents;

namespace AiPlatform.Services.Api.Data.Sample;

/// <summary>That an invented client agreed to be recorded. Given by all of them, so that their transcripts may be there.</summary>
internal sealed record SampleConsent(Guid Id, Guid PracticeId, Guid ClientId, string Status, DateTimeOffset OccurredAt, Guid RecordedBy)
{
    public static async Task InsertAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<SampleConsent> consents, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            """
            insert ignore into consent_entries
                (id, practice_id, client_id, kind, status, occurred_at, recorded_at, recorded_by, recorded_by_role)
            """,
            consents.Select(consent => (object?[])
            [
                consent.Id, consent.PracticeId, consent.ClientId, ConsentKinds.Recording, consent.Status, consent.OccurredAt, now, consent.RecordedBy, "owner",
            ]),
            cancellationToken);

        // A client who said something by now keeps it.
        await MultiRowInsert.ExecuteAsync(
            connection,
            transaction,
            "insert ignore into consents (practice_id, client_id, kind, status, occurred_at)",
            consents.Select(consent => (object?[])
                [consent.PracticeId, consent.ClientId, ConsentKinds.Recording, consent.Status, consent.OccurredAt]),
            cancellationToken);
    }
}
