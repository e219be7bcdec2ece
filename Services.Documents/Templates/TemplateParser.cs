using System.Text;
using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Templates;

/// <summary>
/// Reads the plan of a document from markdown headings. It runs before any value is filled in, so a value can never add a
/// heading. A template without headings is one section whose guidance is the whole text.
/// </summary>
internal static partial class TemplateParser
{
    public static TemplateOutline Parse(string content, string nameOfOnlySection)
    {
        string? title = null;
        var preamble = new StringBuilder();
        var guidance = preamble;
        var sections = new List<(string Heading, int Level, StringBuilder Guidance)>();
        var fenced = false;

        foreach (var line in content.ReplaceLineEndings("\n").Split('\n'))
        {
            fenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);

            // ## Presenting concerns ##
            var heading = HeadingLine().Match(line);
            if (fenced || !heading.Success)
            {
                guidance.Append(line.TrimEnd()).Append('\n');
                continue;
            }

            var level = heading.Groups["marks"].Length;
            var text = heading.Groups["text"].Value;
            if (level == 1 && title is null && sections.Count == 0)
            {
                title = text;
                continue;
            }

            guidance = new();
            sections.Add((text, level, guidance));
        }

        if (sections.Count == 0)
        {
            return new(title, "", [new(nameOfOnlySection, 2, preamble.ToString().Trim())]);
        }

        return new(
            title,
            preamble.ToString().Trim(),
            [.. sections.Select(section => new TemplateSection(section.Heading, section.Level, section.Guidance.ToString().Trim()))]);
    }

    [GeneratedRegex(@"^ {0,3}(?<marks>#{1,6})[ \t]+(?<text>\S.*?)(?:[ \t]+#+)?[ \t]*$")]
    private static partial Regex HeadingLine();
}
