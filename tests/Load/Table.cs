namespace AiPlatform.Load;

/// <summary>Figures as a markdown table, so that they go into docs/measurements.md as they are.</summary>
internal static class Table
{
    public static void Write(string load, IReadOnlyList<Figure> figures)
    {
        string[] head = [load, "measured", "baseline", "ratio", "bound", ""];
        List<string[]> rows = [head, .. figures.Select(figure => (string[])
            [figure.What, figure.Measured, figure.Baseline, figure.Ratio, figure.Bound, figure.Bound.Length == 0 ? "" : figure.IsKept ? "kept" : "BROKEN"])];
        var widths = head.Select((_, column) => rows.Max(row => row[column].Length)).ToList();

        Console.WriteLine();
        WriteRow(rows[0], widths);
        WriteRow([.. widths.Select(width => new string('-', Math.Max(width, 3)))], widths);
        foreach (var row in rows.Skip(1))
        {
            WriteRow(row, widths);
        }

        Console.WriteLine();
    }

    private static void WriteRow(string[] cells, List<int> widths) =>
        Console.WriteLine($"| {string.Join(" | ", cells.Select((cell, column) => cell.PadRight(Math.Max(widths[column], 3))))} |");
}
