namespace AiPlatform.Services.Documents.Sources;

/// <summary>Everything a version is made from, as it was at that moment. Held while it is written and never stored: transcripts live in Services.Api alone.</summary>
internal sealed record SourceSnapshot(
    SourceClient Client, SourcePractitioner Practitioner, SourcePractice Practice, IReadOnlyList<SourceSession> Sessions);

internal sealed record SourceClient(Guid Id, string Name);

/// <param name="Id">Null when neither the caller nor the sessions name a practitioner.</param>
internal sealed record SourcePractitioner(Guid? Id, string Name);

/// <param name="TimeZone">IANA name; dates of the document are of this zone, of UTC when there is none.</param>
internal sealed record SourcePractice(string Name, string? TimeZone);

internal sealed record SourceSession(Guid Id, string Title, DateTimeOffset StartedAt, IReadOnlyList<SourceSegment> Segments);

internal sealed record SourceSegment(int Index, string Speaker, string Start, string Text)
{
    /// <summary>The name that a draft cites the segment by: <c>session id:index</c>.</summary>
    public string CitedAs(Guid sessionId) => $"{sessionId}:{Index}";
}
