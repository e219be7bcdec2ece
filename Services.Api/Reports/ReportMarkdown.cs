using System.Globalization;
using System.Text;

namespace AiPlatform.Services.Api.Reports;

/// <summary>A report as Markdown, each statement with its sources. What people wrote stays text: it becomes neither markup nor HTML.</summary>
internal static class ReportMarkdown
{
    // What begins a list or a number does so at the beginning of a line only, and there stand words of ours.
    private const string Special = "\\`*_[]<>#|~&!";

    public static string Write(Report report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Escape(report.Content.Title)}\n\n");
        text.Append("| Figure | Value | Unit |\n|---|---:|---|\n");
        foreach (var figure in report.Content.Figures)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Escape(figure.Name)} | {figure.Value} | {Escape(figure.Unit)} |\n");
        }

        foreach (var section in report.Content.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Escape(section.Heading)}\n\n");
            text.Append(section.Statements.Count == 0 ? "Nothing is recorded.\n" : "");
            foreach (var statement in section.Statements)
            {
                var sources = string.Join(", ", statement.Sources.Select(source => $"{source.Type} {source.Id}"));
                text.Append(CultureInfo.InvariantCulture, $"- {Escape(statement.Text)} [{Escape(sources)}]\n");
            }
        }

        return text.ToString();
    }

    // A line stays one: a line break in a record must not begin a heading or end a table.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text.ReplaceLineEndings(" "))
        {
            if (Special.Contains(character, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(character);
        }

        return escaped.ToString();
    }
}
