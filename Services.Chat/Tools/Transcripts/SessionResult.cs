using AiPlatform.Services.Chat.Services;

namespace AiPlatform.Services.Chat.Tools.Transcripts;

/// <summary>A session as models read it; durations are seconds.</summary>
internal sealed record SessionResult(
    Guid SessionId, Guid ClientId, string? ClientName, string? PractitionerName, string? Title, DateTimeOffset RecordingDate, int Duration,
    int TotalSegments, double? AverageConfidence, bool HasTranscript, IReadOnlyList<SegmentResult>? Segments)
{
    public static SessionResult Of(PracticeSession session) => new(
        session.SessionId, session.ClientId, session.ClientName, session.PractitionerName, session.Title, session.StartedAt,
        session.DurationSeconds, session.TotalSegments, session.AverageConfidence, session.HasTranscript,
        session.Segments?.Select(segment => new SegmentResult(segment.Index, segment.Speaker, segment.Start, segment.Text)).ToList());
}

internal sealed record SegmentResult(int Index, string Speaker, string Start, string Text);
