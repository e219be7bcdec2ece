using System.Net;
using System.Text.Json;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Analysis;

public sealed class SessionAnalysisTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string MayasSession = "0a000000-0000-7000-8000-000000040101";

    [Fact]
    public async Task Analyze_Comprehensive_EveryItemRestsOnItsSegmentsAndTwiceIsTheSame()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var segments = (await nora.GetJsonAsync($"/api/v1/sessions/{MayasSession}?includeSegments=true")).GetProperty("segments").EnumerateArray()
            .Select(segment => (Speaker: segment.GetProperty("speaker").GetString()!, Text: segment.GetProperty("text").GetString()!)).ToList();

        var analysis = await AnalyzeAsync(nora, "{}");

        Assert.Equal((await AnalyzeAsync(nora, """{"analysisType":"comprehensive"}""")).GetRawText(), analysis.GetRawText());
        Assert.Equal(
            ["sessionId", "clientId", "analysisType", "method", "totalSegments", "speakers", "summary", "sentiment", "topics", "themes"],
            analysis.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("extractive", segments.Count), (analysis.GetProperty("method").GetString(), analysis.GetProperty("totalSegments").GetInt32()));
        var quotes = QuotesOf(analysis).ToList();
        Assert.True(quotes.Count > 15, $"{quotes.Count} quotes.");
        Assert.All(quotes, quote =>
        {
            var (speaker, text) = segments[quote.GetProperty("index").GetInt32()];
            Assert.Equal(speaker, quote.GetProperty("speaker").GetString());
            Assert.Contains(quote.GetProperty("text").GetString()!, text, StringComparison.Ordinal);
        });
        Assert.All(analysis.GetProperty("summary").GetProperty("statements").EnumerateArray(), quote => Assert.Equal("client", quote.GetProperty("speaker").GetString()));
        Assert.All(analysis.GetProperty("topics").EnumerateArray(), topic => Assert.All(
            topic.GetProperty("segments").EnumerateArray(),
            index => Assert.Contains(topic.GetProperty("term").GetString()![..2], segments[index.GetInt32()].Text, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("sentiment")]
    [InlineData("topics")]
    [InlineData("themes")]
    public async Task Analyze_OneKind_ThatPartOnly(string type)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var analysis = await AnalyzeAsync(nora, $$"""{"analysisType":"{{type}}","clientId":"{{ApiFactory.MayaLindqvist}}"}""");

        Assert.Equal(
            ["sessionId", "clientId", "analysisType", "method", "totalSegments", "speakers", type], analysis.EnumerateObject().Select(member => member.Name));
        Assert.Equal(type, analysis.GetProperty("analysisType").GetString());
    }

    [Theory]
    [InlineData(SamplePerson.Daniel)]
    [InlineData(SamplePerson.Helen)]
    [InlineData(SamplePerson.OwnerB)]
    public async Task Analyze_OutOfSight_NotFound(SamplePerson person)
    {
        var caller = await factory.CreateClientAsync(person);

        await (await PostAsync(caller, MayasSession, "{}")).AssertProblemAsync(HttpStatusCode.NotFound, "session.not_found");
    }

    [Fact]
    public async Task Analyze_ByOthers_ReceptionForbiddenTheClientTheirOwn()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        await (await PostAsync(reception, MayasSession, "{}")).AssertProblemAsync(HttpStatusCode.Forbidden, "session.transcript_forbidden");
        Assert.Equal($"{ApiFactory.MayaLindqvist}", (await AnalyzeAsync(maya, "{}")).GetProperty("clientId").GetString());
        await (await PostAsync(maya, "0a000000-0000-7000-8000-000000040201", "{}")).AssertProblemAsync(HttpStatusCode.NotFound, "session.not_found");
    }

    [Fact]
    public async Task Analyze_AnotherClientsOrWithoutATranscriptOrErased_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var unrecorded = await nora.CreateSessionAsync(ApiFactory.TomOkafor, "unrecorded", "2026-11-20T10:00:00Z");
        var erased = await nora.CreateSessionAsync(ApiFactory.TomOkafor, "erased", "2026-11-20T10:00:00Z");
        await factory.ExecuteAsync("update clinical_sessions set transcript_expired_at = now(6) where id = @erased", new { erased });

        await (await PostAsync(nora, MayasSession, $$"""{"clientId":"{{ApiFactory.TomOkafor}}"}""")).AssertProblemAsync(HttpStatusCode.NotFound, "session.not_found");
        await (await PostAsync(nora, unrecorded, "{}")).AssertProblemAsync(HttpStatusCode.UnprocessableEntity, "session.transcript_missing");
        await (await PostAsync(nora, erased, "{}")).AssertProblemAsync(HttpStatusCode.Gone, "session.transcript_expired");
    }

    [Theory]
    [InlineData("""{"analysisType":"mood"}""", "session.analysis_invalid")]
    [InlineData("""{"analysisType":""}""", "session.analysis_invalid")]
    [InlineData("""{"analysisType":7}""", "request.member_invalid")]
    [InlineData("""{"clientId":"Maya"}""", "request.member_invalid")]
    [InlineData("""{"analysis_type":"summary"}""", "request.member_invalid")]
    [InlineData("", "request.malformed")]
    public async Task Analyze_BodyNotThatOfTheRoute_BadRequest(string json, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await PostAsync(nora, MayasSession, json)).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Analyze_Audited()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "analyze-1");

        await AnalyzeAsync(nora, "{}");
        await Eventually.BecomesTrueAsync(
            async () => await factory.ReadAsync<int>("select count(*) from audit_events where correlation_id = 'analyze-1'") == 1, "it is in the chain");

        Assert.Equal(
            $"session.transcript_analyzed {MayasSession} success",
            await factory.ReadAsync<string>("select concat(action, ' ', record_id, ' ', outcome) from audit_events where correlation_id = 'analyze-1'"));
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string id, string json) => client.PostAsync($"{id}/analyze", json);

    private static async Task<JsonElement> AnalyzeAsync(HttpClient client, string json) =>
        await (await PostAsync(client, MayasSession, json)).ReadAsync(HttpStatusCode.OK);

    private static IEnumerable<JsonElement> QuotesOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("index", out _) => [element],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => QuotesOf(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(QuotesOf),
        _ => [],
    };
}
