using System.Globalization;
using System.Text;

namespace AiPlatform.Services.Api.Reports;

/// <summary>A report as CSV (RFC 4180): a row for each figure, then one for each statement.</summary>
internal static class ReportCsv
{
    public static string Write(Report report)
    {
        var text = new StringBuilder("section,text,value,unit,sources\r\n");
        foreach (var figure in report.Content.Figures)
        {
            Append(text, "Figures", figure.Name, figure.Value, figure.Unit, []);
        }

        foreach (var section in report.Content.Sections)
        {
            foreach (var statement in section.Statements)
            {
                Append(text, section.Heading, statement.Text, null, "", statement.Sources);
            }
        }

        return text.ToString();
    }

    private static void Append(
        StringBuilder text, string section, string what, decimal? value, string unit, IReadOnlyList<ReportSource> sources) =>
        text.AppendJoin(
            ',',
            Field(section), Field(what), value?.ToString(CultureInfo.InvariantCulture) ?? "", Field(unit),
            Field(string.Join(' ', sources.Select(source => $"{source.Type}:{source.Id}")))).Append("\r\n");

    // A spreadsheet runs a cell that begins like a formula; an apostrophe before it makes it text.
    private static string Field(string text)
    {
        var safe = text.AsSpan().TrimStart() is [var first, ..] && first is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20'
            || text is ['\t' or '\r' or '\n', ..]
                ? $"'{text}"
                : text;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
