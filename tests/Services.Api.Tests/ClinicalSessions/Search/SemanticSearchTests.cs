using System.Net;
using System.Text;
using System.Text.Json;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Search;

/// <summary>The search by words alone, as it is without an embedding model.</summary>
public sealed class SemanticSearchTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string MayasFirst = "0a000000-0000-7000-8000-000000040101";
    private const string MayasLast = "0a000000-0000-7000-8000-000000040104";
    private const string TomsFirst = "0a000000-0000-7000-8000-000000040201";

    [Fact]
    public async Task Search_AWord_HitWithItsPlaceScoreAndHighlights()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.ImportSessionAsync(
            ApiFactory.TomOkafor, "search", "therapist: How was it?", "client: I swam, and swimming helped; the others were swimmers too.", "client: It rained.");

        var answer = await nora.SearchTranscriptsAsync("Swimming?", [id]);

        Assert.Equal(
            $$"""
            {"items":[{"sessionId":"{{id}}","index":1,"speaker":"client","start":"00:00:01","startSeconds":1,
              "text":"I swam, and swimming helped; the others were swimmers too.","score":1,"wordScore":1,"similarity":null,
              "highlights":[{"start":12,"length":8}]}],"total":1,"searched":1,"segments":3,"since":"2026-11-18T17:00:00+00:00","truncated":false,"embeddings":"off"}
            """,
            answer.GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Search_SeveralSessions_OneRankingWithinLimitAndThreshold()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var first = await nora.ImportSessionAsync(ApiFactory.TomOkafor, "one", "client: The kestrel flew.", "client: A kestrel and a heron.", "client: Nothing.");
        var second = await nora.ImportSessionAsync(ApiFactory.TomOkafor, "two", "client: The heron stood still for a very long time in the cold water.");

        var all = await nora.SearchTranscriptsAsync("kestrel heron", [second, first]);
        var near = await nora.SearchTranscriptsAsync("kestrel heron", [second, first], threshold: 0.9);
        var one = await nora.SearchTranscriptsAsync("kestrel heron", [second, first], limit: 1);

        Assert.Equal(["A kestrel and a heron.", "The kestrel flew.", "The heron stood still for a very long time in the cold water."], all.Texts());
        Assert.All(all.GetProperty("items").EnumerateArray(), item => Assert.InRange(item.GetProperty("score").GetDouble(), 0.0001, 1));
        Assert.Equal(("off: A kestrel and a heron.", 1), (near.Told(), near.GetProperty("total").GetInt32()));
        Assert.Equal(("off: A kestrel and a heron.", 3), (one.Told(), one.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Search_ByTranscriptIdsAndWithoutSettings_SameAndWithTheDefaults()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var bySession = await nora.SearchTranscriptsAsync("sleep", [MayasFirst, MayasLast], threshold: 0.7);
        var byTranscript = await (await nora.PostAsync(
            "semantic-search", $$"""{"query":"sleep","transcriptIds":["{{MayasFirst}}","{{MayasLast}}","{{MayasLast}}"]}""")).ReadAsync(HttpStatusCode.OK);

        Assert.NotEmpty(bySession.Texts());
        Assert.Equal(bySession.GetRawText(), byTranscript.GetRawText());
    }

    [Theory]
    [InlineData(SamplePerson.Daniel, "")]
    [InlineData(SamplePerson.Helen, "")]
    [InlineData(SamplePerson.OwnerB, "")]
    [InlineData(SamplePerson.MayaLindqvist, MayasFirst)]
    [InlineData(SamplePerson.Nora, MayasFirst + " " + TomsFirst)]
    [InlineData(SamplePerson.OwnerA, MayasFirst + " " + TomsFirst)]
    public async Task Search_Sessions_OnlyThoseTheCallerMayReadAndTheOthersSilentlyNone(SamplePerson person, string readable)
    {
        var caller = await factory.CreateClientAsync(person);

        var answer = await caller.SearchTranscriptsAsync("week work sleep", [MayasFirst, TomsFirst, $"{Guid.CreateVersion7()}"], limit: 100);

        var found = answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sessionId").GetString()!).Distinct().Order();
        Assert.Equal(readable.Split(' ', StringSplitOptions.RemoveEmptyEntries), found);
        Assert.Equal(readable.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, answer.Searched());
    }

    [Fact]
    public async Task Search_ByReception_ForbiddenBeforeTheBodyIsRead()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);

        await (await reception.PostAsync("semantic-search", "{")).AssertProblemAsync(HttpStatusCode.Forbidden, "session.transcript_forbidden");
    }

    [Theory]
    [InlineData("the of and")]
    [InlineData("xylophonist")]
    [InlineData("<script>alert(1)</script>'; drop table clients; --")]
    [InlineData("\"; \\ % _ 🦔 ʃ")]
    public async Task Search_NothingFits_Empty(string query)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var answer = await nora.SearchTranscriptsAsync(query, [MayasFirst]);

        Assert.Equal((0, 0, 1, 24), (answer.Texts().Count, answer.GetProperty("total").GetInt32(), answer.Searched(), answer.GetProperty("segments").GetInt32()));
    }

    [Theory]
    [InlineData("""{"sessionIds":["0a000000-0000-7000-8000-000000040101"]}""", "query", "text.required")]
    [InlineData("""{"query":" ","sessionIds":["0a000000-0000-7000-8000-000000040101"]}""", "query", "text.required")]
    [InlineData("""{"query":"a\u0001b","sessionIds":["0a000000-0000-7000-8000-000000040101"]}""", "query", "text.control_character")]
    [InlineData("""{"query":"sleep","sessionIds":["0a000000-0000-7000-8000-000000040101"],"clientId":"0a000000-0000-7000-8000-000000000301"}""", "sessionIds", "session.ids_and_filter")]
    [InlineData("""{"query":"sleep","transcriptIds":["0a000000-0000-7000-8000-000000040101"],"dateTo":"2026-11-20"}""", "transcriptIds", "session.ids_and_filter")]
    [InlineData("""{"query":"sleep","dateFrom":"20 November"}""", "dateFrom", "session.date_invalid")]
    [InlineData("""{"query":"sleep","dateTo":"2026-02-30"}""", "dateTo", "session.date_invalid")]
    [InlineData("""{"query":"sleep","sessionIds":[]}""", "sessionIds", "list.length")]
    [InlineData("""{"query":"sleep","transcriptIds":[]}""", "transcriptIds", "list.length")]
    [InlineData("""{"query":"sleep","sessionIds":["0a000000-0000-7000-8000-000000040101"],"transcriptIds":["0a000000-0000-7000-8000-000000040101"]}""", "transcriptIds", "session.ids_twice")]
    [InlineData("""{"query":"sleep","sessionIds":["0a000000-0000-7000-8000-000000040101"],"limit":0}""", "limit", "number.out_of_range")]
    [InlineData("""{"query":"sleep","sessionIds":["0a000000-0000-7000-8000-000000040101"],"limit":101}""", "limit", "number.out_of_range")]
    [InlineData("""{"query":"sleep","sessionIds":["0a000000-0000-7000-8000-000000040101"],"similarityThreshold":-0.1}""", "similarityThreshold", "number.out_of_range")]
    [InlineData("""{"query":"sleep","sessionIds":["0a000000-0000-7000-8000-000000040101"],"similarityThreshold":1.1}""", "similarityThreshold", "number.out_of_range")]
    public async Task Search_MemberOutOfRange_NamesIt(string json, string field, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.PostAsync("semantic-search", json)).AssertFaultAsync("session.search_invalid", (field, code));
    }

    [Fact]
    public async Task Search_TooLongOrTooMany_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var ids = Enumerable.Range(0, 51).Select(_ => Guid.CreateVersion7());

        await (await nora.PostAsync("semantic-search", JsonSerializer.Serialize(new { query = new string('a', 501), sessionIds = ids })))
            .AssertFaultAsync("session.search_invalid", ("query", "text.too_long"), ("sessionIds", "list.length"));
    }

    [Theory]
    [InlineData("""{"query":"sleep","sessionIds":["1"]}""", "request.member_invalid")]
    [InlineData("""{"query":"sleep","sessionIds":[null]}""", "request.member_invalid")]
    [InlineData("""{"query":["sleep"],"sessionIds":["0a000000-0000-7000-8000-000000040101"]}""", "request.member_invalid")]
    [InlineData("""{"query":"sleep","session_ids":["0a000000-0000-7000-8000-000000040101"]}""", "request.member_invalid")]
    [InlineData("""{"query":"sleep","sessionIds":["0a000000-0000-7000-8000-000000040101"],"similarityThreshold":"0.7"}""", "request.member_invalid")]
    [InlineData("null", "request.malformed")]
    public async Task Search_BodyNotThatOfTheRoute_BadRequest(string json, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.PostAsync("semantic-search", json)).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Search_MoreSegmentsThanOneSearchMayHave_TooLarge()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var ids = new List<string>();
        foreach (var index in Enumerable.Range(0, 5))
        {
            ids.Add(await owner.ImportSessionAsync(ApiFactory.TomOkafor, $"large {index}", "client: Yes."));
        }

        await factory.ExecuteAsync("update clinical_sessions set total_segments = 4001 where id in @ids", new { ids });

        await (await owner.PostAsync("semantic-search", JsonSerializer.Serialize(new { query = "yes", sessionIds = ids })))
            .AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "session.search_too_large");
    }

    [Fact]
    public async Task Search_InMany_TheStatementsOfOne()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var all = (await owner.ReadSessionPagesAsync("hasTranscript=true&limit=40")).Take(40).ToArray();

        var one = await StatementsOfAsync(owner, all[..1]);
        var many = await StatementsOfAsync(owner, all);

        Assert.Equal(["select clinical_sessions", "select clinical_session_segments"], one);
        Assert.Equal(one, many);
    }

    [Fact]
    public async Task Search_OfEachSession_AuditedWithItsOutcome()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "semantic-1");
        const string daniels = "0a000000-0000-7000-8000-000000040501";

        await nora.SearchTranscriptsAsync("sleep", [MayasFirst, daniels]);
        await Eventually.BecomesTrueAsync(
            async () => await factory.ReadAsync<int>("select count(*) from audit_events where correlation_id = 'semantic-1'") == 2, "both are in the chain");

        Assert.Equal(
            $"session.transcript_searched {MayasFirst} success,session.transcript_searched {daniels} refused",
            await factory.ReadAsync<string>(
                "select group_concat(concat(action, ' ', record_id, ' ', outcome) order by sequence_number) from audit_events where correlation_id = 'semantic-1'"));
    }

    private static async Task<IReadOnlyList<string>> StatementsOfAsync(HttpClient client, string[] sessionIds)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sessions/semantic-search")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { query = "sleep", sessionIds }), Encoding.UTF8, "application/json"),
        };
        var (statements, response) = await SqlStatements.OfAsync(client, request);
        Assert.Equal(sessionIds.Length, (await response.ReadAsync(HttpStatusCode.OK)).Searched());
        return statements;
    }
}
