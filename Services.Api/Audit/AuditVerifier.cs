using System.Globalization;

namespace AiPlatform.Services.Api.Audit;

/// <summary>Walks a practice's chain from its first kept row to its last and finds the first that is not as it was written.</summary>
internal sealed class AuditVerifier(IAuditStore store)
{
    private const int PageLength = 1_000;

    public async Task<AuditVerificationResponse> VerifyAsync(Guid practiceId, CancellationToken cancellationToken)
    {
        var walked = new AuditVerificationResponse(practiceId, Intact: true, 0, null, 0, AuditPlace.Beginning.Hash, FirstBroken: null);
        var place = AuditPlace.Beginning;
        string? removedUpTo = null;
        while (true)
        {
            var page = await store.ReadPageAsync(practiceId, place.SequenceNumber, PageLength, cancellationToken);

            // At the beginning, and when retention has overtaken the walk.
            place = page.Anchor.SequenceNumber > place.SequenceNumber ? page.Anchor : place;
            foreach (var row in page.Rows)
            {
                var expected = place.SequenceNumber + 1;
                if (row.SequenceNumber != expected)
                {
                    return Broken(expected, "missing");
                }

                if (row.Hash != AuditChain.HashOf(place.Hash, row))
                {
                    return Broken(expected, "altered");
                }

                place = new(row.SequenceNumber, row.Hash);
                walked = walked with
                {
                    Rows = walked.Rows + 1,
                    FirstSequenceNumber = walked.FirstSequenceNumber ?? row.SequenceNumber,
                    LastSequenceNumber = row.SequenceNumber,
                    LastHash = row.Hash,
                };
                removedUpTo = row is { Action: AuditActions.RowsRemoved, RecordedBy: null } ? row.RecordId : removedUpTo;
            }

            if (page.Rows.Count < PageLength)
            {
                return CheckEnds(page);
            }
        }

        AuditVerificationResponse CheckEnds(AuditPage page) => page.Head.SequenceNumber.CompareTo(place.SequenceNumber) switch
        {
            > 0 => Broken(place.SequenceNumber + 1, "missing"),
            < 0 => Broken(page.Head.SequenceNumber + 1, "added"),
            _ when page.Head.Hash != place.Hash => Broken(place.SequenceNumber, "altered"),

            // Whoever removes rows by the rules says so in the chain.
            _ when page.Anchor.SequenceNumber > 0 && removedUpTo != page.Anchor.SequenceNumber.ToString(CultureInfo.InvariantCulture) =>
                Broken(page.Anchor.SequenceNumber, "missing"),
            _ => walked,
        };

        AuditVerificationResponse Broken(long sequenceNumber, string reason) =>
            walked with { Intact = false, FirstBroken = new(sequenceNumber, reason) };
    }
}
