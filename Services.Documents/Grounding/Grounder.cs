using AiPlatform.Services.Documents.Drafting;
using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Grounding;

/// <summary>Ties each sentence of a draft to the segments it names and says whether they carry it. No I/O.</summary>
internal static class Grounder
{
    public static IReadOnlyList<DocumentSection> Ground(Draft draft, SourceSnapshot sources)
    {
        var segments = sources.Sessions
            .SelectMany(session => session.Segments, (session, segment) => (Name: segment.CitedAs(session.Id), session.Id, Segment: segment))
            .ToDictionary(entry => entry.Name, entry => (SessionId: entry.Id, entry.Segment), StringComparer.OrdinalIgnoreCase);

        return [.. draft.Sections.Select(section => new DocumentSection(
            section.Heading,
            section.Sentences.Count > 0,
            [.. section.Sentences.Select(sentence => Ground(sentence, segments, sources.Client.Name))]))];
    }

    private static DocumentSentence Ground(
        DraftSentence sentence, Dictionary<string, (Guid SessionId, SourceSegment Segment)> segments, string clientName)
    {
        var names = sentence.Evidence.Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var known = names.Where(segments.ContainsKey).Select(name => segments[name]).ToArray();

        var supported = names.Length > 0
            && known.Length == names.Length
            && SupportCheck.Holds(sentence.Text, [.. known.Select(entry => entry.Segment)], clientName);

        return new(
            sentence.Text,
            supported,
            [.. known.Select(entry => new SentenceEvidence(
                entry.SessionId, entry.Segment.Index, entry.Segment.Speaker, entry.Segment.Start, entry.Segment.Text))]);
    }
}
