using System.Net;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions;

public sealed class SessionRouteTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("clientName=lindqvist&limit=2", 4, "Sunday evenings and asking for help", "After the summer: nights are longer")]
    [InlineData("clientId=0a000000-0000-7000-8000-000000000301&dateTo=2026-06-02", 1, "Intake: sleep and the new role")]
    [InlineData("clientName=maya%20lind&dateFrom=2026-06-16&dateTo=2026-09-14", 1, "Sleep diary and a later bedtime")]
    [InlineData("clientName=maya%20lind&dateFrom=2026-06-16T08:00:00Z&dateTo=2026-06-16T08:00:00Z", 1, "Sleep diary and a later bedtime")]
    [InlineData("keywords=zopiclone%20Petrov", 1, "Intake: sleep and the new role")]
    [InlineData("keywords=the%20semaph", 1, "The door of the study")]
    [InlineData("keywords=UMEA", 1, "Intake: lunch alone")]
    [InlineData("keywords=zopiclone%20semaphore", 0)]
    [InlineData("clientName=nobody", 0)]
    public async Task Search_WithLimits_NewestMatchingFirst(string query, int total, params string[] titles)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var answer = await owner.GetJsonAsync($"/api/v1/sessions/search?{query}");

        Assert.Equal(total, answer.GetProperty("total").GetInt32());
        Assert.Equal(titles, answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!));
    }

    [Fact]
    public async Task Search_OneSession_AllItsFields()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var answer = await nora.GetJsonAsync("/api/v1/sessions/search?clientName=lindqvist&dateFrom=2026-11-01");

        var item = Assert.Single(answer.GetProperty("items").EnumerateArray());
        Assert.Equal(
            ["sessionId", "clientId", "clientName", "practitionerId", "practitionerName", "title", "startedAt", "durationSeconds", "totalSegments", "averageConfidence", "hasTranscript", "status", "transcript"],
            item.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ("Maya Lindqvist", "Nora Berg", "2026-11-10T09:00:00+00:00", true),
            (item.GetProperty("clientName").GetString(), item.GetProperty("practitionerName").GetString(),
                item.GetProperty("startedAt").GetString(), item.GetProperty("hasTranscript").GetBoolean()));
    }

    [Theory]
    [InlineData("dateFrom=yesterday")]
    [InlineData("dateTo=2026-13-01")]
    public async Task Search_NoDate_BadRequestNamingTheField(string query)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await nora.GetAsync($"/api/v1/sessions/search?{query}");

        var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
        Assert.Equal("session.date_invalid", problem.GetProperty("code").GetString());
        Assert.Equal(query.Split('=')[0], problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Get_WithSegments_InOrderWithTimes()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var session = await nora.GetJsonAsync("/api/v1/sessions/0a000000-0000-7000-8000-000000040104?includeSegments=true");

        var segments = session.GetProperty("segments").EnumerateArray().ToList();
        var starts = segments.Select(segment => segment.GetProperty("startSeconds").GetDouble()).ToList();
        Assert.Equal(Enumerable.Range(0, segments.Count), segments.Select(segment => segment.GetProperty("index").GetInt32()));
        Assert.Equal(starts.Order(), starts);
        Assert.Equal(["client", "therapist"], segments.Select(segment => segment.GetProperty("speaker").GetString()!).Distinct().Order());
        Assert.All(segments, segment => Assert.Equal(
            TimeSpan.FromSeconds(Math.Floor(segment.GetProperty("startSeconds").GetDouble())), TimeSpan.Parse(segment.GetProperty("start").GetString()!, null)));
    }

    [Fact]
    public async Task Get_WithoutSegments_LeavesThemOut()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var session = await nora.GetJsonAsync("/api/v1/sessions/0a000000-0000-7000-8000-000000040104");

        Assert.False(session.TryGetProperty("segments", out JsonElement _));
    }

    [Fact]
    public async Task Get_Unknown_NotFoundWithCode()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"/api/v1/sessions/{Guid.NewGuid()}")).AssertProblemAsync(HttpStatusCode.NotFound, "session.not_found");
    }
}
