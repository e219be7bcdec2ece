using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

/// <summary>The search of nobody's ids: the newest transcripts, as far as one search reads.</summary>
public sealed class NewestSearchTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    // Sessions that a test puts after these have a time of their own.
    private static readonly object Sample = new { dateTo = "2026-12-31" };

    [Fact]
    public async Task Search_WithoutIds_EveryTranscriptThatTheListShowsTheCaller()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var listed = await nora.ReadSessionPagesAsync("hasTranscript=true&limit=100&to=2026-12-31");
        var oldest = await nora.GetJsonAsync("/api/v1/sessions?hasTranscript=true&limit=1&sort=oldest");

        var answer = await nora.SearchNewestAsync("sleep", Sample);

        Assert.InRange(listed.Count, 4, 200);
        Assert.Equal((listed.Count, false), (answer.Searched(), answer.GetProperty("truncated").GetBoolean()));
        Assert.Equal(oldest.GetProperty("items")[0].GetProperty("startedAt").GetDateTimeOffset(), answer.GetProperty("since").GetDateTimeOffset());
        Assert.NotEmpty(answer.Texts());
    }

    [Theory]
    [InlineData(SamplePerson.Nora, true)]
    [InlineData(SamplePerson.OwnerA, true)]
    [InlineData(SamplePerson.Daniel, false)]
    [InlineData(SamplePerson.MayaLindqvist, false)]
    [InlineData(SamplePerson.OwnerB, false)]
    public async Task Search_WithoutIds_FindsWhatTheCallerMayReadOnly(SamplePerson person, bool found)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var word = $"kestrel{person}".ToLowerInvariant();
        await nora.ImportSessionAsync(ApiFactory.TomOkafor, "birds", $"client: A {word} flew.");
        var caller = await factory.CreateClientAsync(person);

        var answer = await caller.SearchNewestAsync(word, Sample);

        Assert.Equal(found ? [$"A {word} flew."] : [], answer.Texts());
        Assert.True(answer.Searched() > 0, "everybody has some");
    }

    [Fact]
    public async Task Search_OfAClientAndTime_TheirsOfThatTime()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var filter = $"clientId={ApiFactory.MayaLindqvist}&hasTranscript=true";
        var last = (await nora.GetJsonAsync($"/api/v1/sessions?{filter}&limit=1")).GetProperty("items")[0];
        var day = last.GetProperty("startedAt").GetDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        var all = await nora.SearchNewestAsync("sleep", new { clientId = ApiFactory.MayaLindqvist });
        var one = await nora.SearchNewestAsync("sleep", new { clientId = ApiFactory.MayaLindqvist, dateFrom = day, dateTo = day });

        Assert.Equal((await nora.ReadSessionPagesAsync(filter)).Count, all.Searched());
        Assert.Equal((1, last.GetProperty("totalSegments").GetInt32()), (one.Searched(), one.GetProperty("segments").GetInt32()));
        Assert.All(one.GetProperty("items").EnumerateArray(), hit => Assert.Equal(last.GetProperty("sessionId").GetString(), hit.GetProperty("sessionId").GetString()));
    }

    [Fact]
    public async Task Search_OfAClientOutOfSight_NothingAndRefusedInTheAudit()
    {
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        daniel.DefaultRequestHeaders.Add("X-Correlation-Id", "newest-hidden");

        var answer = await daniel.SearchNewestAsync("sleep", new { clientId = ApiFactory.MayaLindqvist });

        Assert.Equal(
            """{"items":[],"total":0,"searched":0,"segments":0,"since":null,"truncated":false,"embeddings":"off"}""", answer.GetRawText(), SameJson.Comparer);
        Assert.Equal(
            [$"session.transcript_searched client {ApiFactory.MayaLindqvist} refused"], await AuditedAsync("newest-hidden", 1));
    }

    [Fact]
    public async Task Search_WithoutIds_AuditedWithTheSessionsSomethingWasToldFrom()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "newest-told");
        var id = await nora.ImportSessionAsync(ApiFactory.TomOkafor, "birds", "client: A heron.", "client: Another heron, later.");

        await nora.SearchNewestAsync("heron", Sample);

        Assert.Equal(
            [
                $"session.imported session {id} success",
                $"session.transcript_searched practice {ApiFactory.PracticeA} success",
                $"session.transcript_searched session {id} success",
            ],
            await AuditedAsync("newest-told", 3));
    }

    [Fact]
    public async Task Search_MoreSessionsThanItReads_TheNewestAndSaysSo()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        await AddAsync("2028-01-01", sessions: 201, segments: 1);

        var answer = await owner.SearchNewestAsync("sleep", new { dateFrom = "2028-01-01", dateTo = "2028-12-31" });

        Assert.Equal((200, true, "2028-01-02T10:00:00+00:00"), Reach(answer));
    }

    [Fact]
    public async Task Search_MoreSegmentsThanItReads_TheNewestAndSaysSo()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        await AddAsync("2029-01-01", sessions: 6, segments: 5_000);

        var all = await owner.SearchNewestAsync("sleep", new { dateFrom = "2029-01-01" });
        var earlier = await owner.SearchNewestAsync("sleep", new { dateFrom = "2029-01-01", dateTo = "2029-01-02" });

        Assert.Equal((4, true, "2029-01-03T10:00:00+00:00"), Reach(all));
        Assert.Equal((2, false, "2029-01-01T10:00:00+00:00"), Reach(earlier));
    }

    [Fact]
    public async Task Search_OfManySessions_TheStatementsOfOneSession()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/semantic-search")
        {
            Content = new StringContent("""{"query":"sleep","dateTo":"2026-12-31"}""", Encoding.UTF8, "application/json"),
        };

        var (statements, response) = await SqlStatements.OfAsync(owner, request);

        Assert.True((await response.ReadAsync(System.Net.HttpStatusCode.OK)).Searched() > 10, "they are many");
        Assert.Equal(["select clinical_sessions", "select clinical_session_segments"], statements);
    }

    private static (int, bool, string) Reach(JsonElement answer) =>
        (answer.Searched(), answer.GetProperty("truncated").GetBoolean(), answer.GetProperty("since").GetString()!);

    // One session a day. Their texts do not matter here, so there are none.
    private Task AddAsync(string first, int sessions, int segments) => factory.ExecuteAsync(
        $"""
        insert into clinical_sessions
            (id, practice_id, client_id, practitioner_id, title, started_at, duration_seconds, total_segments, status, version, created_at)
        values {string.Join(',', Enumerable.Range(0, sessions).Select(day =>
            $"('{Guid.CreateVersion7()}', @practiceId, @clientId, @practitionerId, 'Bound', '{DateOnly.Parse(first, CultureInfo.InvariantCulture).AddDays(day):yyyy-MM-dd} 10:00:00', 3000, @segments, 'held', 1, now(6))"))}
        """,
        new { practiceId = ApiFactory.PracticeA, clientId = ApiFactory.TomOkafor, practitionerId = "0a000000-0000-7000-8000-000000000101", segments });

    private async Task<IReadOnlyList<string>> AuditedAsync(string correlationId, int count)
    {
        await Eventually.BecomesTrueAsync(
            async () => await factory.ReadAsync<int>("select count(*) from audit_events where correlation_id = @correlationId", new { correlationId }) == count,
            "all are in the chain");
        return (await factory.ReadAsync<string>(
            """
            select group_concat(concat(action, ' ', record_type, ' ', record_id, ' ', outcome) order by action, record_type)
            from audit_events where correlation_id = @correlationId
            """,
            new { correlationId }))!.Split(',');
    }
}
