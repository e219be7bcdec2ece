namespace AiPlatform.Services.Api.Audit;

/// <summary>A row of the chain as text, whatever somebody may have written into its columns.</summary>
internal sealed record AuditRow(
    string PracticeId, long SequenceNumber, string EventId, string OccurredAt, string RecordedAt, string? UserId, string Role, string Action,
    string RecordType, string RecordId, string Outcome, string CorrelationId, string? RecordedBy, string Hash)
{
    /// <summary>True when this row says the same as <paramref name="other"/>, wherever in the chain each stands.</summary>
    public bool SaysTheSameAs(AuditRow other) =>
        this with { SequenceNumber = other.SequenceNumber, RecordedAt = other.RecordedAt, Hash = other.Hash } == other;
}

/// <summary>A place in a chain: the row of that number, and its hash.</summary>
internal sealed record AuditPlace(long SequenceNumber, string Hash)
{
    /// <summary>Before the first row.</summary>
    public static AuditPlace Beginning { get; } = new(0, new string('0', 64));
}
