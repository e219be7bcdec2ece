using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>Carries out instructions on a draft by choosing sentences: fewer, more, others, under other headings.</summary>
internal static class Refinement
{
    private const int MostWhenLonger = 9;

    public static Draft Apply(DraftRequest request, PreviousDraft previous, IReadOnlyList<Statement> statements, Wishes wishes)
    {
        var draft = new Draft([.. previous.Sections.Select(section => new DraftSection(section.Heading, [.. (section.Sentences ?? []).Select(Read)]))]);
        var used = draft.Sections.SelectMany(section => section.Sentences).SelectMany(sentence => sentence.Evidence).ToHashSet(StringComparer.Ordinal);
        var writer = new SectionWriter([.. statements.Where(statement => !statement.SegmentIds.All(used.Contains))], wishes.Focus);

        return Adjust(draft, writer, wishes, longer: heading => request.Template.Sections.FirstOrDefault(section => section.Heading == heading)?.Guidance);
    }

    /// <param name="longer">Tells a section's guidance when more is to be written to it; null leaves the length alone.</param>
    public static Draft Adjust(Draft draft, SectionWriter writer, Wishes wishes, Func<string, string?>? longer)
    {
        var sections = draft.Sections.Where(section => !wishes.Dropped.Contains(section.Heading)).ToList();
        var notes = wishes.NotDone.ToList();

        foreach (var heading in wishes.Added)
        {
            if (sections.TrueForAll(section => !section.Heading.Equals(heading, StringComparison.OrdinalIgnoreCase)))
            {
                sections.Add(new(heading, writer.Write(heading, null)));
            }
        }

        foreach (var what in wishes.Mention)
        {
            Mention(sections, writer, what, notes);
        }

        if (wishes.Focus.Count > 0 && longer is not null)
        {
            Focus(sections, writer, wishes.Focus, notes);
        }

        if (wishes.Longer && longer is not null)
        {
            sections = [.. sections.Select(section => section.Sentences.Count >= MostWhenLonger ? section
                : section with { Sentences = [.. section.Sentences, .. writer.Write(section.Heading, longer(section.Heading), Math.Max(2, section.Sentences.Count / 2))] })];
        }

        if (wishes.Shorter)
        {
            sections = [.. sections.Select(section => section with { Sentences = Half(section.Sentences) })];
        }

        sections = [.. sections.Select(section => wishes.Renamed.FirstOrDefault(renamed => renamed.From == section.Heading) is { To: { } to } ? section with { Heading = to } : section)];
        return new(sections, notes.Count == 0 ? null : string.Join(' ', notes));
    }

    private static void Mention(List<DraftSection> sections, SectionWriter writer, string what, List<string> notes)
    {
        var words = Tokens.Stems(what);

        if (words.Count > 0 && sections.Exists(section => section.Sentences.Any(sentence => Tokens.Stems(sentence.Text) is var stems && words.All(stems.Contains))))
        {
            return;
        }

        var found = writer.Nearest(what, 1).Where(statement => statement.Stems.Intersect(words).Any()).ToList();

        if (found.Count == 0 || sections.Count == 0)
        {
            notes.Add($"The transcript says nothing about \"{what}\", so the draft does not either.");
            return;
        }

        // To the section that already speaks of it, else to the client's report.
        var index = sections.FindIndex(section => Tokens.Stems(section.Heading).Intersect(words).Any());
        index = index >= 0 ? index : Math.Max(0, sections.FindIndex(section => SectionKinds.Of(section.Heading, null) == SectionKind.ClientReport));
        sections[index] = sections[index] with { Sentences = [.. sections[index].Sentences, .. SectionWriter.Told(found)] };
    }

    private static void Focus(List<DraftSection> sections, SectionWriter writer, IReadOnlyList<string> focus, List<string> notes)
    {
        var more = writer.Nearest(string.Join(' ', focus), 4).Where(statement => statement.Stems.Intersect(focus).Any()).ToList();

        if (more.Count == 0 && !sections.Exists(section => section.Sentences.Any(sentence => Tokens.Stems(sentence.Text).Intersect(focus).Any())))
        {
            notes.Add("The transcript says nothing about the topic to focus on, so the draft stays as it was.");
            return;
        }

        if (more.Count > 0)
        {
            var index = Math.Max(0, sections.FindIndex(section => SectionKinds.Of(section.Heading, null) == SectionKind.ClientReport));
            sections[index] = sections[index] with { Sentences = [.. sections[index].Sentences.Where(sentence => Tokens.Stems(sentence.Text).Intersect(focus).Any()), .. SectionWriter.Told(more), .. Half([.. sections[index].Sentences.Where(sentence => !Tokens.Stems(sentence.Text).Intersect(focus).Any())])] };
        }
    }

    private static IReadOnlyList<DraftSentence> Half(IReadOnlyList<DraftSentence> sentences) =>
        sentences.Count <= 1 ? sentences : [.. sentences.Take((sentences.Count + 1) / 2)];

    private static DraftSentence Read(PreviousSentence sentence) => new(sentence.Text, [.. (sentence.Evidence ?? []).Select(EvidenceId).OfType<string>().Distinct()]);

    // "<sessionId>:<index>", or { sessionId, segmentIndex } as stored documents carry it.
    private static string? EvidenceId(JsonElement evidence) => evidence.ValueKind switch
    {
        JsonValueKind.String => evidence.GetString(),
        JsonValueKind.Object when evidence.TryGetProperty("sessionId", out var session) && evidence.TryGetProperty("segmentIndex", out var index) => $"{session}:{index}",
        _ => null,
    };
}
