using System.Net;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

internal static class SemanticSearchCalls
{
    public static async Task<JsonElement> SearchTranscriptsAsync(
        this HttpClient client, string query, IEnumerable<string> sessionIds, double threshold = 0, int limit = 20) =>
        await (await client.PostAsync(
            "semantic-search", JsonSerializer.Serialize(new { query, sessionIds, limit, similarityThreshold = threshold }))).ReadAsync(HttpStatusCode.OK);

    /// <summary>Looks through the newest transcripts, with the body's own other members.</summary>
    public static async Task<JsonElement> SearchNewestAsync(this HttpClient client, string query, object? rest = null)
    {
        var body = JsonSerializer.SerializeToNode(rest ?? new { })!.AsObject();
        body["query"] = query;
        body["similarityThreshold"] ??= 0;
        return await (await client.PostAsync("semantic-search", body.ToJsonString())).ReadAsync(HttpStatusCode.OK);
    }

    /// <summary>The texts that were found, best first.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()!)];

    /// <summary>What embeddings did, and the texts: <c>used: I slept.</c></summary>
    public static string Told(this JsonElement answer) => $"{answer.Embeddings()}: {string.Join(' ', answer.Texts())}";

    public static string Embeddings(this JsonElement answer) => answer.GetProperty("embeddings").GetString()!;

    public static int Searched(this JsonElement answer) => answer.GetProperty("searched").GetInt32();
}
