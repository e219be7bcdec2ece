using System.Text;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>A transcript as CSV: a header that names the columns, in any order, among others.</summary>
internal static class CsvTranscript
{
    private static readonly string[] Speaker = ["speaker", "role", "interlocutor"];
    private static readonly string[] Start = ["timestamp", "time", "start", "start_time"];
    private static readonly string[] Text = ["text", "utterance", "utterance_text", "content"];

    public static async Task ReadAsync(Stream body, SegmentCollector segments, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(
            body, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        Columns? columns = null;
        try
        {
            await foreach (var row in new CsvReader(reader).ReadAsync(cancellationToken))
            {
                if (columns is null)
                {
                    columns = Columns.Find(row.Fields, segments);
                    if (columns is null)
                    {
                        return;
                    }
                }
                else if (row.Fields.Count != columns.Count)
                {
                    segments.Fault("row", $"The row has {row.Fields.Count} fields, the header {columns.Count}.", "segment.field_count", row.Line);
                }
                else
                {
                    segments.Add(row.Fields[columns.Speaker], row.Fields[columns.Start], row.Fields[columns.Text], path: "", row.Line);
                }
            }
        }
        catch (CsvFormatException exception)
        {
            segments.Fault("row", exception.Message, "csv.malformed", exception.Line);
        }
        catch (DecoderFallbackException)
        {
            segments.Fault("row", "The file is not UTF-8.", "csv.encoding", null);
        }
    }

    private sealed record Columns(int Count, int Speaker, int Start, int Text)
    {
        public static Columns? Find(IReadOnlyList<string> header, SegmentCollector segments)
        {
            var names = header.Select(name => name.Trim().ToLowerInvariant()).ToList();
            var speaker = IndexOf(names, CsvTranscript.Speaker, "speaker", segments);
            var start = IndexOf(names, CsvTranscript.Start, "timestamp", segments);
            var text = IndexOf(names, CsvTranscript.Text, "text", segments);
            return speaker < 0 || start < 0 || text < 0 ? null : new(names.Count, speaker, start, text);
        }

        // The first accepted name wins, not the first column: AnnoMI has "timestamp" beside others of its kind.
        private static int IndexOf(List<string> names, string[] accepted, string column, SegmentCollector segments)
        {
            var found = accepted.Select(name => names.IndexOf(name)).Where(index => index >= 0).DefaultIfEmpty(-1).First();
            if (found < 0)
            {
                segments.Fault(column, $"The header names no {column} column ({string.Join(", ", accepted)}).", "csv.column_missing", 1);
            }

            return found;
        }
    }
}
