namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>What the therapist asked, and what was said next by somebody else.</summary>
internal static class Questions
{
    // A sentence of fewer words is "Okay?" or "You know?".
    private const int FewestWords = 3;
    private const int Most = 50;

    public static IReadOnlyList<QuestionResponse> Find(IReadOnlyList<AnalyzedSegment> segments) =>
        [.. segments
            .Where(segment => segment.Role is SpeakerRoles.Therapist)
            .SelectMany(segment => Sentences.Of(segment.Segment.Text)
                .Select(sentence => segment.Segment.Text.Substring(sentence.Start, sentence.Length))
                .Where(text => text.EndsWith('?') && text.Split(' ').Length >= FewestWords)
                .Select(text => new QuestionResponse(
                    segment.Quote(text),
                    segments.Skip(segment.Index + 1).FirstOrDefault(next => next.Role is not SpeakerRoles.Therapist)?.Quote())))
            .Take(Most)];
}
