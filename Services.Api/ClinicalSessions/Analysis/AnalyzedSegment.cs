using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>A segment with its content words.</summary>
internal sealed record AnalyzedSegment(int Index, TranscriptSegment Segment, IReadOnlyList<Term> Terms)
{
    public string Role => SpeakerRoles.Of(Segment.Speaker);

    public SegmentQuote Quote() => Quote(Segment.Text);

    /// <param name="text">A part of the segment's own.</param>
    public SegmentQuote Quote(string text) => new(Index, Segment.Speaker, SegmentTime.Clock(Segment.StartMs), text);

    public static IReadOnlyList<AnalyzedSegment> Read(IReadOnlyList<TranscriptSegment> segments)
    {
        var reader = new TermReader();
        return [.. segments.Select((segment, index) => new AnalyzedSegment(index, segment, reader.Read(segment.Text)))];
    }
}
