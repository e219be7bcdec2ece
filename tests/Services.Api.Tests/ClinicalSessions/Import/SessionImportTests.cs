using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions.Import;

public sealed class SessionImportTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Csv = "Speaker,Note,TimeStamp,Text\nTherapist,x,00:00:01,\"How are you, \"\"really\"\"?\"\npatient,y,00:00:04.5,\"Tired.\nVery tired.\"\n";
    private static readonly string CsvPath =
        $"/api/v1/sessions/import?clientId={ApiFactory.TomOkafor}&startedAt=2026-11-18T17:00:00Z&title=Imported";

    [Fact]
    public async Task Import_Json_CreatesASessionThatReadsBack()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var body = Body([
            new("Counsellor", "00:00:13", " Thanks for filling it out. "), new("client", "24.25", "Sure."), new("Interpreter", "01:05", "He says yes.")]);

        var response = await ImportJsonAsync(nora, "json-1", body);

        var imported = await response.ReadAsync(HttpStatusCode.Created);
        var sessionId = imported.GetProperty("sessionId").GetString();
        Assert.Equal(
            ($"{ApiFactory.TomOkafor}", "A walk-in", 3, 65, $"/api/v1/sessions/{sessionId}"),
            (imported.GetProperty("clientId").GetString(), imported.GetProperty("title").GetString(), imported.GetProperty("totalSegments").GetInt32(),
                imported.GetProperty("durationSeconds").GetInt32(), response.Headers.Location?.ToString()));
        var session = await nora.GetJsonAsync($"/api/v1/sessions/{sessionId}?includeSegments=true");
        Assert.Equal(
            """[{"index":0,"speaker":"therapist","start":"00:00:13","startSeconds":13,"text":"Thanks for filling it out."},{"index":1,"speaker":"client","start":"00:00:24","startSeconds":24.25,"text":"Sure."},{"index":2,"speaker":"Interpreter","start":"00:01:05","startSeconds":65,"text":"He says yes."}]""",
            session.GetProperty("segments").GetRawText());
        Assert.Equal("Nora Berg", session.GetProperty("practitionerName").GetString());
        Assert.Equal(JsonValueKind.Null, session.GetProperty("averageConfidence").ValueKind);
    }

    [Fact]
    public async Task Import_Csv_ColumnsByNameAndQuotedLines()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await ImportCsvAsync(nora, "csv-1", "\uFEFF" + Csv.Replace("\n", "\r\n", StringComparison.Ordinal));

        var imported = await response.ReadAsync(HttpStatusCode.Created);
        var session = await nora.GetJsonAsync($"/api/v1/sessions/{imported.GetProperty("sessionId")}?includeSegments=true");
        Assert.Equal(
            [("therapist", 1.0, "How are you, \"really\"?"), ("client", 4.5, "Tired.\r\nVery tired.")],
            session.GetProperty("segments").EnumerateArray().Select(segment => (
                segment.GetProperty("speaker").GetString()!, segment.GetProperty("startSeconds").GetDouble(), segment.GetProperty("text").GetString()!)));
    }

    [Fact]
    public async Task Import_AfterIt_FoundByKeyword()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await ImportJsonAsync(nora, "keyword-1", Body([new("client", "1", "I keep thinking of the xylophone.")]))).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(1, (await nora.GetJsonAsync("/api/v1/sessions/search?keywords=Xylophone")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Import_JsonValueOfAnotherKind_NamesTheSegmentAndItsLine()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var body = $$"""
            {"clientId":"{{ApiFactory.TomOkafor}}","startedAt":"2026-11-18T17:00:00Z","title":"x",
             "segments":[
               {"speaker":"client","start":"0","text":"a"},
               {"speaker":"client",
                "start":"1",
                "text":5}]}
            """;

        var response = await ImportJsonAsync(nora, "kind-1", body);

        var error = (await response.ReadAsync(HttpStatusCode.BadRequest)).GetProperty("errors")[0];
        Assert.Equal(("segments[1].text", 6), (error.GetProperty("field").GetString(), error.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Import_SameKeySameBody_SameAnswerReplayed()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var first = await (await ImportCsvAsync(nora, "again-1", Csv)).ReadAsync(HttpStatusCode.Created);

        var response = await ImportCsvAsync(nora, "again-1", Csv);

        Assert.Equal(first.GetRawText(), (await response.ReadAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(["true"], response.Headers.GetValues("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Import_SameKeyOtherBody_Conflict()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        await ImportCsvAsync(nora, "reused-1", Csv);

        var otherBody = await ImportCsvAsync(nora, "reused-1", Csv + "client,z,9,More.\n");
        var otherTitle = await ImportCsvAsync(nora, "reused-1", Csv, CsvPath + "Elsewhere");

        await otherBody.AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
        await otherTitle.AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
    }

    [Fact]
    public async Task Import_SameKeyOtherUser_AnotherSession()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var first = await (await ImportCsvAsync(nora, "shared-1", Csv)).ReadAsync(HttpStatusCode.Created);
        var second = await (await ImportCsvAsync(owner, "shared-1", Csv)).ReadAsync(HttpStatusCode.Created);

        Assert.NotEqual(first.GetProperty("sessionId").GetString(), second.GetProperty("sessionId").GetString());
    }

    [Fact]
    public async Task Import_SameKeyAtOnce_OneSession()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ImportCsvAsync(nora, "burst-1", Csv)));

        var ids = await Task.WhenAll(answers.Select(async answer =>
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("sessionId").GetString()));
        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    public async Task Import_WithoutUsableKey_BadRequest(string? key)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await ImportCsvAsync(nora, key, Csv)).AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency.key_required");
    }

    [Fact]
    public async Task Import_OtherPracticesClient_NotFound()
    {
        var helen = await factory.CreateClientAsync(SamplePerson.Helen);

        await (await ImportCsvAsync(helen, "stranger-1", Csv)).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
    }

    [Fact]
    public async Task Import_CsvFaults_EachWithItsLine()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var csv = "speaker,time,text\nclient,0:10,Hello.\n,0:11,No speaker.\nclient,later,\"Two\nlines.\"\nclient,0:12, \nclient,0:05,Back in time.\nclient,0:13\n";

        var problem = await (await ImportCsvAsync(nora, "faults-1", csv)).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal("session.import_invalid", problem.GetProperty("code").GetString());
        Assert.Equal(
            [
                ("speaker", "segment.speaker_invalid", 3), ("start", "segment.start_invalid", 4), ("text", "segment.text_invalid", 6),
                ("start", "segment.start_decreasing", 7), ("row", "segment.field_count", 8),
            ],
            problem.GetProperty("errors").EnumerateArray().Select(error => (
                error.GetProperty("field").GetString()!, error.GetProperty("code").GetString()!, error.GetProperty("line").GetInt32())));
    }

    [Fact]
    public async Task Import_JsonFaults_EachWithItsPath()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await ImportJsonAsync(
            nora, "paths-1", """{"title":" ","startedAt":"2999-01-01T00:00:00Z","segments":[{"speaker":"client","start":5,"text":"Fine."},null,{"speaker":"client","start":"99:99","text":""}]}""");

        var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
        Assert.Equal(
            ["segments[1].speaker", "segments[1].text", "segments[1].start", "segments[2].text", "segments[2].start", "clientId", "startedAt", "title"],
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!));
    }

    [Fact]
    public async Task Import_ThousandFaults_HundredListedAllCounted()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var problem = await (await ImportCsvAsync(nora, "many-1", "speaker,time,text\n" + string.Concat(Enumerable.Repeat("client,1,\n", 1000)))).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal(100, problem.GetProperty("errors").GetArrayLength());
        Assert.Equal("The import has 1000 faults. The first 100 are listed.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("speaker,text\nclient,Hi.\n")]
    [InlineData("speaker,time,text\n")]
    [InlineData("speaker,time,text\nclient,1,\"open\n")]
    [InlineData("speaker,time,text\nclient,1,a \"quote\"\n")]
    [InlineData("speaker,time,text\nclient,1,\"x\"y\n")]
    public async Task Import_BrokenCsv_BadRequest(string csv)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await ImportCsvAsync(nora, "broken-1", csv)).AssertProblemAsync(HttpStatusCode.BadRequest, "session.import_invalid");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"segments":{}}""")]
    [InlineData("""{"startedAt":"soon"}""")]
    public async Task Import_BrokenJson_BadRequest(string json)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await ImportJsonAsync(nora, "broken-2", json)).AssertProblemAsync(HttpStatusCode.BadRequest, "session.import_invalid");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Import_OverTenMegabytes_TooLarge(bool lengthTold)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var line = "client,1," + new string('a', 15_000) + "\n";
        var csv = Encoding.UTF8.GetBytes("speaker,time,text\n" + string.Concat(Enumerable.Repeat(line, 720)));
        HttpContent content = lengthTold ? new ByteArrayContent(csv) : new StreamContent(new NoLengthStream(csv));

        var response = await ImportAsync(nora, "large-1", content, "text/csv", CsvPath);

        await response.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "session.import_too_large");
    }

    [Fact]
    public async Task Import_FiveThousandSegments_Taken_OneMoreRefused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var rows = string.Concat(Enumerable.Range(0, 5000).Select(second => $"client,{second},Utterance number {second}.\n"));

        var taken = await ImportCsvAsync(nora, "full-1", "speaker,time,text\n" + rows);
        var refused = await ImportCsvAsync(nora, "full-2", "speaker,time,text\n" + rows + "client,5000,One too many.\n");
        var refusedJson = await ImportJsonAsync(nora, "full-3", $$"""{"segments":[{{string.Join(',', Enumerable.Repeat("{}", 5001))}}]}""");

        Assert.Equal(5000, (await taken.ReadAsync(HttpStatusCode.Created)).GetProperty("totalSegments").GetInt32());
        await refused.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "session.too_many_segments");
        await refusedJson.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "session.too_many_segments");
    }

    [Fact]
    public async Task Import_AnotherMediaType_Unsupported()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await ImportAsync(nora, "xml-1", new StringContent("<a/>"), "application/xml", CsvPath);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    private static string Body(IReadOnlyList<Utterance> segments) => JsonSerializer.Serialize(
        new { clientId = ApiFactory.TomOkafor, startedAt = "2026-11-18T17:00:00+00:00", title = "A walk-in", segments }, JsonSerializerOptions.Web);

    private static Task<HttpResponseMessage> ImportJsonAsync(HttpClient client, string key, string json) =>
        ImportAsync(client, key, new StringContent(json), "application/json", "/api/v1/sessions/import");

    private static Task<HttpResponseMessage> ImportCsvAsync(HttpClient client, string? key, string csv, string? path = null) =>
        ImportAsync(client, key, new StringContent(csv), "text/csv", path ?? CsvPath);

    private static async Task<HttpResponseMessage> ImportAsync(HttpClient client, string? key, HttpContent content, string mediaType, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType, "utf-8");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request);
    }

    private sealed record Utterance(string Speaker, string Start, string Text);

    private sealed class NoLengthStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
