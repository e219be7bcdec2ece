using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AiPlatform.Load.Requests;

/// <summary>A list with pages, and whose it is.</summary>
/// <param name="Page">The page that is compared with the first.</param>
internal sealed record PagedList(string What, Caller Caller, string Path, int Page = 1_000);

/// <summary>Walks a list to a late page, as a client does, and compares what that page costs with what the first does.</summary>
internal static class Paging
{
    private const int Times = 101;
    private const double MostRatio = 1.25;

    public static async Task<Figure> CompareAsync(PagedList list, CancellationToken cancellationToken)
    {
        var path = list.Path;
        for (var page = 1; page < list.Page; page++)
        {
            path = NextOf(list, await list.Caller.GetAsync(path, cancellationToken))
                ?? throw new InvalidOperationException($"{list.What} ended on page {page}.");
        }

        // By turns, so that what else the machine does meets both.
        var (first, late) = (new List<double>(), new List<double>());
        for (var time = 0; time < Times; time++)
        {
            first.Add(await MeasureAsync(list.Caller, list.Path, cancellationToken));
            late.Add(await MeasureAsync(list.Caller, path, cancellationToken));
        }

        var (ours, baseline) = (Median(late), Median(first));
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{list.What}, page {list.Page:#,0}"), Milliseconds(ours), $"{Milliseconds(baseline)} (page 1)",
            (ours / baseline).ToString("0.00", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"at most {MostRatio:0.00}"),
            ours / baseline <= MostRatio);
    }

    private static async Task<double> MeasureAsync(Caller caller, string path, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await caller.GetAsync(path, cancellationToken);
        return Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
    }

    // {"items":[...],"nextCursor":"..."}, and in a FHIR bundle "link":[{"relation":"next","url":"..."}]
    private static string? NextOf(PagedList list, byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        if (document.RootElement.TryGetProperty("nextCursor", out var cursor))
        {
            return $"{list.Path}&cursor={Uri.EscapeDataString(cursor.GetString()!)}";
        }

        return document.RootElement.TryGetProperty("link", out var links)
            ? links.EnumerateArray()
                .Where(link => link.GetProperty("relation").GetString() == "next")
                .Select(link => new Uri(list.Caller.Client.BaseAddress!, link.GetProperty("url").GetString()).PathAndQuery)
                .FirstOrDefault()
            : null;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Milliseconds(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + " ms";
}
