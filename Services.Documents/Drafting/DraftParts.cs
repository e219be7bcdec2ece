using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Drafting;

/// <summary>
/// Long transcripts are drafted in parts: consecutive segments, as many as fit the bound, each part with the whole template.
/// The parts' drafts are merged section by section in the order of the transcript; a sentence that two parts wrote alike stays once.
/// </summary>
internal static class DraftParts
{
    // {"id":"<36>:<n>","speaker":"therapist","start":"00:00:00","text":""},
    private const int CharactersAroundSegment = 110;

    public static IReadOnlyList<DraftPlan> Split(DraftPlan plan, int maxCharacters)
    {
        var parts = new List<List<SourceSession>>();
        var room = 0;

        foreach (var session in plan.Sessions)
        {
            var startsSession = true;
            foreach (var segment in session.Segments)
            {
                var size = segment.Text.Length + CharactersAroundSegment;
                if (parts.Count == 0 || size > room)
                {
                    parts.Add([]);
                    room = maxCharacters;
                    startsSession = true;
                }

                if (startsSession)
                {
                    parts[^1].Add(session with { Segments = new List<SourceSegment>() });
                    startsSession = false;
                }

                ((List<SourceSegment>)parts[^1][^1].Segments).Add(segment);
                room -= size;
            }
        }

        return parts.Count == 1 ? [plan] : [.. parts.Select((sessions, index) => plan with
        {
            Sessions = sessions,
            Previous = plan.Previous is null ? null : OfPart(plan.Previous, sessions, isFirst: index == 0),
        })];
    }

    /// <summary>One draft in the plan's order of sections; where the plan lets sections change, in the drafts' own.</summary>
    public static Draft Merge(DraftPlan plan, IReadOnlyList<Draft> drafts)
    {
        var sections = drafts.SelectMany(draft => draft.Sections).ToLookup(section => section.Heading, StringComparer.OrdinalIgnoreCase);
        var headings = plan.MayChangeSections
            ? sections.Select(group => plan.Headings.FirstOrDefault(heading => heading.Equals(group.Key, StringComparison.OrdinalIgnoreCase)) ?? group.Key)
            : plan.Headings;
        var notes = drafts.Select(draft => draft.Note).OfType<string>().Distinct().ToArray();

        return new(
            [.. headings.Select(heading => new DraftSection(
                heading,
                [.. sections[heading].SelectMany(section => section.Sentences).DistinctBy(sentence => sentence.Text, StringComparer.OrdinalIgnoreCase)]))],
            notes.Length == 0 ? null : string.Join(' ', notes));
    }

    // A part sees of the previous version what rests on its own segments; what rests on none goes with the first.
    private static Draft OfPart(Draft previous, List<SourceSession> sessions, bool isFirst)
    {
        var names = sessions.SelectMany(session => session.Segments.Select(segment => segment.CitedAs(session.Id))).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new([.. previous.Sections.Select(section => section with
        {
            Sentences = [.. section.Sentences.Where(sentence => sentence.Evidence.Count == 0 ? isFirst : sentence.Evidence.Any(names.Contains))],
        })]);
    }
}
