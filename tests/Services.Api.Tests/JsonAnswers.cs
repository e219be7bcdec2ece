using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests;

internal static class JsonAnswers
{
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        var response = await client.GetAsync(path);
        return await response.ReadAsync(HttpStatusCode.OK);
    }

    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.True(response.StatusCode == expected, $"Expected {expected}, got {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task AssertProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await response.ReadAsync(status);
        Assert.Equal(
            ("application/problem+json", (int)status, code),
            (response.Content.Headers.ContentType?.MediaType, problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
    }

    /// <summary>A refusal of a sign-in route: the envelope, with this code first.</summary>
    public static async Task AssertEnvelopeAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var envelope = await response.ReadAsync(status);
        Assert.Equal(
            ("application/json", false, (int)status, code),
            (response.Content.Headers.ContentType?.MediaType, envelope.GetProperty("success").GetBoolean(), envelope.GetProperty("code").GetInt32(),
                envelope.GetProperty("data").GetProperty("errors")[0].GetProperty("code").GetString()));
    }
}
