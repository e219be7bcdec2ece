using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace AiPlatform.Distributed.Tests;

/// <summary>Signs a sample user in through the front door.</summary>
internal static class SampleSignIn
{
    /// <returns>The access token.</returns>
    public static async Task<string> TokenAsync(DistributedApplication app, string role = "practitioner", int practice = 0)
    {
        using var api = app.CreateHttpClient("api");
        var users = await api.GetFromJsonAsync<List<SampleUser>>("/api/v1/sample-users");
        var practiceName = users!.Select(user => user.Practice).Distinct().ElementAt(practice);
        var user = users!.First(user => user.Role == role && user.Practice == practiceName);
        using var response = await api.PostAsJsonAsync("/api/v1/auth/login", new { email = user.Email, password = user.Password });
        response.EnsureSuccessStatusCode();
        var login = await response.Content.ReadFromJsonAsync<JsonElement>();
        return login.GetProperty("data").GetProperty("accessToken").GetString()!;
    }

    private sealed record SampleUser(string Email, string Password, string Role, string Practice);
}
