using System.Text.Json.Nodes;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

/// <summary>A page that listens: reads server-sent events as they come.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
{
    /// <summary>Listens from here on.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient browser, string channels)
    {
        var response = await browser.GetAsync(new Uri($"/api/events?channels={channels}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestHosts.InTime());
        response.EnsureSuccessStatusCode();
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestHosts.InTime())));
    }

    /// <summary>The data of the next event of that name which is as wanted.</summary>
    public async Task<JsonNode> UntilAsync(string name, Func<JsonNode, bool> isWanted)
    {
        var limit = TestHosts.InTime();
        var current = "";
        while (await reader.ReadLineAsync(limit) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                current = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && current == name && JsonNode.Parse(line["data: ".Length..]) is { } data && isWanted(data))
            {
                return data;
            }
        }

        throw new InvalidOperationException($"The events ended before the '{name}' that was waited for.");
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
