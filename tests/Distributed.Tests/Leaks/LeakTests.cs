using System.Text;

namespace AiPlatform.Distributed.Tests.Leaks;

public sealed class LeakTests
{
    // Where the markers rightly are: the stores themselves, and the file of this user's that tells the server its password.
    private static readonly string[] StoreFiles = [".sql", ".ibd", ".aof", ".rdb", ".frm", ".MAI", ".MAD", ".MYI", ".MYD", ".sdi"];
    private static readonly string[] StorePrefixes = ["ib", "undo", "aria_log", "#ib", "appendonly", "multi-master", "tc.log"];

    [Fact]
    [Trait("Spec", "T001-369")]
    public async Task MainJobAndErrors_WithEverythingTurnedUp_LeaveNoContentsInLogsTelemetryOrAnswers()
    {
        var markers = new Markers();
        await using var graph = await LeakGraph.StartAsync(markers);
        var conversation = new LeakConversation(graph, markers);
        var folder = await graph.FindDataFolderAsync();

        await conversation.PlayAsync();
        await TelemetryComesAsync(graph, markers);
        List<string> files = folder is null ? [] : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !IsStore(file))];
        var texts = files.Select(file => (Where: file, Text: File.ReadAllText(file))).ToList();
        await graph.StopAsync();

        texts.AddRange(graph.Lines.Select(line => (line.Resource, line.Line)));
        texts.AddRange(graph.Collector.Payloads.Select((payload, number) => ($"payload {number}", Encoding.Latin1.GetString(payload))));
        texts.AddRange(graph.Collector.Logs.Select(log => ($"log of {log.ServiceName}", $"{log.Body} {Join(log.Attributes)}")));
        texts.AddRange(graph.Collector.Spans.Select(span =>
            ($"span of {span.ServiceName}", $"{span.Name} {Join(span.Attributes)} {string.Join(' ', span.Events.Select(happened => $"{happened.Name} {Join(happened.Attributes)}"))}")));
        texts.AddRange(conversation.ErrorAnswers.Select(answer => ("an answer", answer)));

        AssertSearchFinds(graph, markers, folder, files);
        var found = (
            from text in texts
            from secret in markers.Secrets
            where text.Text.Contains(secret.Value, StringComparison.OrdinalIgnoreCase)
            select $"{secret.Key} in {text.Where}: {Around(text.Text, secret.Value)}").ToList();
        Assert.True(found.Count == 0, string.Join("\n\n", found.Take(20)));
        Assert.DoesNotContain(texts, text => System.Text.RegularExpressions.Regex.IsMatch(text.Text, @"\beyJ[\w-]{16,}\.[\w-]{8,}"));
    }

    // Before the end: a service that a busy machine keeps from ending in time is killed, with what it has not sent.
    private static async Task TelemetryComesAsync(LeakGraph graph, Markers markers)
    {
        // Debug is on, and it is the address that came, not only its route.
        await graph.Collector.WaitForLogsAsync(logs => LeakGraph.Services.All(service => logs.Any(log => log.ServiceName == service && log.SeverityText == "Debug")));
        await graph.Collector.WaitForSpansAsync(spans =>
            LeakGraph.Services.All(service => spans.Any(span => span.ServiceName == service && span.Attributes.GetValueOrDefault("url.path") as string == $"/{markers.Harmless}"))
            && spans.Any(span => span.Name.StartsWith("chat ", StringComparison.Ordinal) && span.Attributes.ContainsKey("gen_ai.usage.input_tokens")));
    }

    /// <summary>The search is shown to work: what may be there is there, in every place that was searched.</summary>
    private static void AssertSearchFinds(LeakGraph graph, Markers markers, string? folder, List<string> files)
    {
        Assert.Contains(graph.Lines, line => line.Resource == "chat" && line.Line.Contains($"Opened a connection to session {markers.Harmless}", StringComparison.Ordinal));
        Assert.Contains(graph.Lines, line => line.Resource == LeakGraph.Host);
        Assert.Contains(graph.Lines, line => line.Resource == "redis" && line.Line.Contains("Ready to accept connections", StringComparison.Ordinal));
        Assert.Contains(graph.Lines, line => line.Resource == "mysql" && line.Line.Contains("ready for connections", StringComparison.OrdinalIgnoreCase));
        foreach (var service in LeakGraph.Services)
        {
            // Debug is on, the one logger that quotes callers is not.
            Assert.Contains(graph.Lines, line => line.Resource == service && line.Line.Contains("dbug", StringComparison.Ordinal));
            Assert.DoesNotContain(graph.Lines, line => line.Line.Contains("Request starting", StringComparison.Ordinal));
        }

        Assert.Contains(graph.Collector.Payloads, payload => payload.AsSpan().IndexOf(Encoding.ASCII.GetBytes(markers.Harmless)) >= 0);
        Assert.True(folder is null || files.Count > 0, "Nothing was searched in the data folder.");
    }

    private static bool IsStore(string file) =>
        StoreFiles.Contains(Path.GetExtension(file), StringComparer.Ordinal)
        || StorePrefixes.Any(prefix => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal));

    private static string Join(IReadOnlyDictionary<string, object?> attributes) => string.Join(' ', attributes.Select(pair =>
        $"{pair.Key}={(pair.Value is object?[] many ? string.Join(',', many) : pair.Value)}"));

    private static string Around(string text, string marker)
    {
        var place = text.IndexOf(marker, StringComparison.OrdinalIgnoreCase);
        var start = Math.Max(0, place - 200);
        return text[start..Math.Min(text.Length, place + marker.Length + 60)];
    }
}
