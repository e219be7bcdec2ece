using System.Net;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions;

internal static class SessionCalls
{
    public const string Sessions = "/api/v1/sessions";

    public static string NewKey() => Guid.CreateVersion7().ToString();

    /// <summary>The body of a create or a change; an empty argument is left out, and every member can be given as JSON of any kind.</summary>
    public static string Body(
        Guid? clientId = null, string title = "\"A talk\"", string startedAt = "\"2026-11-20T10:00:00Z\"", string durationSeconds = "3000",
        string status = "\"held\"", string more = "")
    {
        var members = new[]
        {
            ("clientId", clientId is { } id ? $"\"{id}\"" : ""), ("title", title), ("startedAt", startedAt), ("durationSeconds", durationSeconds), ("status", status),
        };
        return $"{{{string.Join(',', members.Where(member => member.Item2.Length > 0).Select(member => $"\"{member.Item1}\":{member.Item2}"))}{more}}}";
    }

    public static Task<HttpResponseMessage> CreateAsync(this HttpClient client, string json, string? key = null) =>
        client.WriteAsync(HttpMethod.Post, Sessions, json, key ?? NewKey());

    /// <returns>The id of the session it made.</returns>
    public static async Task<string> CreateSessionAsync(this HttpClient client, Guid clientId, string title, string startedAt, string status = "held") =>
        (await (await client.CreateAsync(Body(clientId, $"\"{title}\"", $"\"{startedAt}\"", status: $"\"{status}\""))).ReadAsync(HttpStatusCode.Created))
        .GetProperty("sessionId").GetString()!;

    public static Task<HttpResponseMessage> ChangeAsync(this HttpClient client, string sessionId, string json, string? ifMatch = "*") =>
        client.WriteAsync(HttpMethod.Put, $"{Sessions}/{sessionId}", json, ifMatch: ifMatch);

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json) =>
        client.PostAsync($"{Sessions}/{path}", new StringContent(json, Encoding.UTF8, "application/json"));

    /// <param name="lines">One segment each, a second apart: <c>client: I slept.</c></param>
    public static Task<HttpResponseMessage> ImportAsync(this HttpClient client, Guid clientId, string title, params string[] lines)
    {
        var segments = lines.Select((line, second) => new { speaker = line.Split(": ", 2)[0], start = $"{second}", text = line.Split(": ", 2)[1] });
        return client.WriteAsync(
            HttpMethod.Post,
            $"{Sessions}/import",
            JsonSerializer.Serialize(new { clientId, title, startedAt = "2026-11-18T17:00:00Z", segments }),
            NewKey());
    }

    /// <returns>The id of the session it made.</returns>
    public static async Task<string> ImportSessionAsync(this HttpClient client, Guid clientId, string title, params string[] lines) =>
        (await (await client.ImportAsync(clientId, title, lines)).ReadAsync(HttpStatusCode.Created)).GetProperty("sessionId").GetString()!;

    /// <summary>The ids of a list, page by page to its end.</summary>
    public static async Task<IReadOnlyList<string>> ReadSessionPagesAsync(this HttpClient client, string query)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetJsonAsync($"{Sessions}?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sessionId").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        return ids;
    }

    /// <summary>The codes of a refused body's members.</summary>
    public static async Task AssertFaultAsync(this HttpResponseMessage response, string code, params (string Field, string Code)[] faults)
    {
        var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(
            faults,
            problem.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("field").GetString()!, error.GetProperty("code").GetString()!)));
    }
}
