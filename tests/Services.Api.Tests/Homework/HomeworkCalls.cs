using System.Net;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.Homework;

internal static class HomeworkCalls
{
    public static readonly string OfMaya = $"/api/v1/clients/{ApiFactory.MayaLindqvist}/homework";

    public static string NewKey() => Guid.CreateVersion7().ToString();

    public static async Task<JsonElement> AssignAsync(this HttpClient client, string json) =>
        await (await client.WriteAsync(HttpMethod.Post, OfMaya, json, NewKey())).ReadAsync(HttpStatusCode.Created);

    public static string Id(this JsonElement resource) => resource.GetProperty("id").GetString()!;

    public static Task<HttpResponseMessage> SubmitAsync(this HttpClient client, string assignmentId, string json, string? key = null) =>
        client.WriteAsync(HttpMethod.Post, $"/api/v1/homework/assignments/{assignmentId}/results", json, key ?? NewKey());

    public static async Task<string> StatusOfAsync(this HttpClient client, string assignmentId) =>
        (await client.GetJsonAsync($"/api/v1/homework/assignments/{assignmentId}")).GetProperty("status").GetString()!;

    /// <summary>The ids of a list, page by page to its end.</summary>
    public static async Task<IReadOnlyList<string>> ReadPagesAsync(this HttpClient client, string path)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetJsonAsync(cursor is null ? path : $"{path}&cursor={cursor}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(Id));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        return ids;
    }
}
