using System.Net;
using System.Text.Json;
using AiPlatform.Services.Api.Tests.Homework;

namespace AiPlatform.Services.Api.Tests.Clients;

internal static class CareCalls
{
    public const string Nora = "0a000000-0000-7000-8000-000000000101";
    public const string Daniel = "0a000000-0000-7000-8000-000000000102";
    public const string Priya = "0a000000-0000-7000-8000-000000000103";

    /// <summary>A client of a test's own.</summary>
    /// <param name="practitioner">The main practitioner.</param>
    public static async Task<string> TakeInAsync(this HttpClient caller, string practitioner, string startedAt = "2026-11-01", string name = "Ada Quill") =>
        (await (await caller.WriteAsync(
            HttpMethod.Post,
            "/api/v1/clients",
            $$"""{"name":"{{name}}","dateOfBirth":"1990-01-01","practitionerId":"{{practitioner}}","startedAt":"{{startedAt}}"}""",
            HomeworkCalls.NewKey())).ReadAsync(HttpStatusCode.Created)).Id();

    public static Task<HttpResponseMessage> ArrangeAsync(
        this HttpClient caller, string clientId, string practitioner, string startedOn, string? endedOn = null, string kind = "joint", string? key = null) =>
        caller.WriteAsync(
            HttpMethod.Post,
            $"/api/v1/clients/{clientId}/care-relations",
            JsonSerializer.Serialize(new { practitionerId = practitioner, kind, startedOn, endedOn }),
            key ?? HomeworkCalls.NewKey());

    public static Task<HttpResponseMessage> ChangeCareAsync(this HttpClient caller, string id, string startedOn, string? endedOn, string? ifMatch = "*") =>
        caller.WriteAsync(
            HttpMethod.Put, $"/api/v1/care-relations/{id}", JsonSerializer.Serialize(new { startedOn, endedOn }), ifMatch: ifMatch);

    /// <summary>The relations of a client as <c>Nora Berg main current 2026-11-01 -</c>, the latest start first.</summary>
    public static async Task<IReadOnlyList<string>> CareOfAsync(this HttpClient caller, string clientId, string query = "")
    {
        var list = await caller.GetJsonAsync($"/api/v1/clients/{clientId}/care-relations?{query}");
        return [.. list.GetProperty("items").EnumerateArray().Select(item => string.Join(
            ' ',
            new[] { "practitionerName", "kind", "status", "startedOn", "endedOn" }.Select(name => item.GetProperty(name).GetString() ?? "-")))];
    }

    /// <summary>Makes somebody else the main practitioner.</summary>
    public static async Task HandOverAsync(this HttpClient caller, string clientId, string practitioner) =>
        await (await caller.WriteAsync(
            HttpMethod.Put,
            $"/api/v1/clients/{clientId}",
            $$"""{"name":"Ada Quill","dateOfBirth":"1990-01-01","practitionerId":"{{practitioner}}"}""",
            ifMatch: "*")).ReadAsync(HttpStatusCode.OK);

    public static async Task<bool> SeesAsync(this HttpClient caller, string clientId) =>
        (await caller.GetAsync($"/api/v1/clients/{clientId}")).StatusCode is HttpStatusCode.OK;
}
