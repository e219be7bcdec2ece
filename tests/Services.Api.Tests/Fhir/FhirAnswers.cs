using System.Net;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.Fhir;

internal static class FhirAnswers
{
    public static IEnumerable<string> Ids(this JsonElement bundle) => bundle.TryGetProperty("entry", out var entries)
        ? entries.EnumerateArray().Select(entry => entry.GetProperty("resource").GetProperty("id").GetString()!)
        : [];

    public static string? Link(this JsonElement bundle, string relation) => bundle.GetProperty("link").EnumerateArray()
        .Where(link => link.GetProperty("relation").GetString() == relation)
        .Select(link => link.GetProperty("url").GetString())
        .SingleOrDefault();

    /// <summary>An outcome with these issues: FHIR's type, our code, and the place when there is one.</summary>
    public static async Task AssertOutcomeAsync(this HttpResponseMessage response, HttpStatusCode status, params string[] issues)
    {
        var outcome = await response.ReadAsync(status);
        Assert.Equal(
            ("application/fhir+json", "OperationOutcome"),
            (response.Content.Headers.ContentType?.MediaType, outcome.GetProperty("resourceType").GetString()));
        Assert.Equal(issues, outcome.GetProperty("issue").EnumerateArray().Select(Describe));
    }

    private static string Describe(JsonElement issue)
    {
        var coding = issue.GetProperty("details").GetProperty("coding")[0];
        Assert.Equal("urn:aiplatform:error-code", coding.GetProperty("system").GetString());
        Assert.Matches("^trace [0-9a-f]{32}$", issue.GetProperty("diagnostics").GetString());
        var place = issue.TryGetProperty("location", out var location) ? $" {location[0].GetString()}" : "";
        return $"{issue.GetProperty("severity").GetString()} {issue.GetProperty("code").GetString()} {coding.GetProperty("code").GetString()}{place}";
    }
}
