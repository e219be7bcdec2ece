using System.Text;
using AiPlatform.Services.Documents.Grounding;
using AiPlatform.Services.Documents.Sources;
using AiPlatform.Services.Documents.Templates;

namespace AiPlatform.Services.Documents.Rendering;

/// <summary>
/// The document as a clinician reads it. Each sentence is followed by the places in the transcript it rests on,
/// as [00:12:03], or [2: 00:12:03] for the second of several sessions.
/// </summary>
internal static class MarkdownRenderer
{
    public const string NotDiscussed = "Not discussed in this session.";
    public const string NotDiscussedInSeveral = "Not discussed in these sessions.";
    public const string UnsupportedMark = "**[not confirmed by the transcript]**";

    /// <param name="title">Plain text; null takes the template's title.</param>
    /// <param name="sections">In their order; those that the outline has not stand at level two.</param>
    public static RenderedDocument Render(
        string? title, TemplateOutline outline, IReadOnlyList<DocumentSection> sections,
        SourceSnapshot sources, IReadOnlyDictionary<string, string> values)
    {
        var escaped = values.ToDictionary(pair => pair.Key, pair => MarkdownText.Escape(pair.Value));
        var numbers = sources.Sessions.Select((session, index) => (session.Id, Number: index + 1)).ToDictionary(entry => entry.Id, entry => entry.Number);
        var markdown = new StringBuilder();

        var heading = title is null ? TemplateVariables.Fill(outline.Title ?? "", escaped) : MarkdownText.Escape(title);
        markdown.Append("# ").Append(heading).Append("\n\n");
        AppendHeader(markdown, outline.Preamble, sources, values, escaped);

        var planned = outline.Sections.ToLookup(plan => TemplateVariables.Fill(plan.Heading, values).Trim(), StringComparer.OrdinalIgnoreCase);
        foreach (var section in sections)
        {
            var (level, text) = planned[section.Heading].FirstOrDefault() is { } plan
                ? (plan.Level, TemplateVariables.Fill(plan.Heading, escaped))
                : (2, MarkdownText.Escape(section.Heading));
            markdown.Append('#', level).Append(' ').Append(text).Append("\n\n");
            markdown.Append(Body(section, sources, numbers)).Append("\n\n");
        }

        return new(markdown.ToString().TrimEnd() + "\n", WordCount.Of(title ?? TemplateVariables.Fill(outline.Title ?? "", values), sections));
    }

    private static void AppendHeader(
        StringBuilder markdown, string preamble, SourceSnapshot sources,
        IReadOnlyDictionary<string, string> values, Dictionary<string, string> escaped)
    {
        var lines = preamble.Length > 0
            ? TemplateVariables.Fill(preamble, escaped)
            : $"""
               Client: {escaped[TemplateVariables.ClientName]}
               Practitioner: {escaped[TemplateVariables.PractitionerName]}
               Session: {escaped[TemplateVariables.SessionDate]}
               Written: {escaped[TemplateVariables.Date]}
               """;

        // Two spaces keep lines of a paragraph apart in markdown.
        markdown.Append(lines.ReplaceLineEndings("  \n")).Append("\n\n");

        if (sources.Sessions.Count > 1)
        {
            foreach (var (session, index) in sources.Sessions.Select((session, index) => (session, index)))
            {
                markdown.Append(index + 1).Append(". ").Append(DocumentValues.Format(session.StartedAt, sources.Practice)).Append(", ").Append(MarkdownText.Escape(session.Title)).Append('\n');
            }

            markdown.Append('\n');
        }
    }

    private static string Body(DocumentSection section, SourceSnapshot sources, Dictionary<Guid, int> numbers)
    {
        if (!section.Discussed)
        {
            return sources.Sessions.Count > 1 ? NotDiscussedInSeveral : NotDiscussed;
        }

        return string.Join("\n\n", section.Sentences.Select(sentence => Sentence(sentence, numbers)));
    }

    private static string Sentence(DocumentSentence sentence, Dictionary<Guid, int> numbers)
    {
        var places = sentence.Evidence
            .Select(evidence => numbers.Count > 1 ? $"[{numbers[evidence.SessionId]}: {evidence.Start}]" : $"[{evidence.Start}]")
            .Distinct();

        var text = $"{MarkdownText.Escape(sentence.Text)} {string.Join(' ', places)}".TrimEnd();
        return sentence.Supported ? text : $"{text} {UnsupportedMark}";
    }
}
