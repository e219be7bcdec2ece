using System.Net.Http.Json;
using System.Text.Json;

namespace AiPlatform.Distributed.Tests;

internal static class SampleClients
{
    /// <returns>The name of a client of the signed-in practice who has sessions; the same one each time.</returns>
    public static async Task<string> WithSessionsAsync(HttpClient api)
    {
        var sessions = await api.GetFromJsonAsync<JsonElement>("/api/v1/sessions/search?limit=50");
        return sessions.GetProperty("items").EnumerateArray()
            .Select(session => session.GetProperty("clientName").GetString()!)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Last();
    }
}
