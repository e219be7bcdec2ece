namespace AiPlatform.Services.Api.Consents;

/// <summary>Something a client agreed to, or took back.</summary>
/// <param name="OccurredAt">When they said so; may lie before it was written down.</param>
internal sealed record ConsentEntry(
    Guid Id, Guid ClientId, string Kind, string Status, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, Guid RecordedBy, string RecordedByRole);

/// <summary>What is agreed to.</summary>
internal static class ConsentKinds
{
    /// <summary>That sessions are recorded and their transcripts kept.</summary>
    public const string Recording = "recording";
}

internal static class ConsentStatus
{
    public const string Given = "given";
    public const string Withdrawn = "withdrawn";

    /// <summary>Nothing was ever said; stands in no table.</summary>
    public const string None = "none";
}
