using System.Net;

namespace AiPlatform.Services.Api.Tests.Fhir;

public sealed class FhirSearchTests(FhirFactory factory) : IClassFixture<FhirFactory>
{
    // Three clients of practice A that changed at times of their own; all others at FhirFactory.Changed.
    private const string Ruth = "0a000000-0000-7000-8000-000000000305";
    private const string Samir = "0a000000-0000-7000-8000-000000000306";
    private const string Callum = "0a000000-0000-7000-8000-000000000307";

    [Fact]
    public async Task Search_TwoIds_IsTheWholeBundle()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var path = $"/fhir/Patient?_id={FhirFactory.Tom},{FhirFactory.Maya},1&_count=5";

        var answer = await nora.GetJsonAsync(path);

        var tom = (await nora.GetJsonAsync($"/fhir/Patient/{FhirFactory.Tom}")).GetRawText();
        var maya = (await nora.GetJsonAsync($"/fhir/Patient/{FhirFactory.Maya}")).GetRawText();
        Assert.Equal(
            $$$"""{"resourceType":"Bundle","type":"searchset","total":2,"link":[{"relation":"self","url":"http://localhost/fhir/Patient?_id={{{FhirFactory.Tom}}},{{{FhirFactory.Maya}}},1&_count=5"}],"entry":[{"fullUrl":"http://localhost/fhir/Patient/{{{FhirFactory.Maya}}}","resource":{{{maya}}},"search":{"mode":"match"}},{"fullUrl":"http://localhost/fhir/Patient/{{{FhirFactory.Tom}}}","resource":{{{tom}}},"search":{"mode":"match"}}]}""",
            answer.GetRawText());
    }

    [Theory]
    [InlineData("Patient", "", 14)]
    [InlineData("Practitioner", "", 3)]
    [InlineData("Encounter", "", 41)]
    [InlineData("Encounter", $"patient=Patient/{FhirFactory.Maya}", 4)]
    public async Task Search_PageByPage_EachOnceInOrder(string type, string query, int total)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var whole = await owner.GetJsonAsync($"/fhir/{type}?{query}");
        var walked = new List<string>();
        string? next = $"/fhir/{type}?_count=3&{query}";

        while (next is not null)
        {
            var page = await owner.GetJsonAsync(next);
            Assert.InRange(page.Ids().Count(), 1, 3);
            Assert.Equal(next.Contains("_cursor", StringComparison.Ordinal), page.Link("self")!.Contains("_cursor", StringComparison.Ordinal));
            walked.AddRange(page.Ids());
            next = page.Link("next");
        }

        Assert.Equal((total, total), (whole.GetProperty("total").GetInt32(), walked.Count));
        Assert.Equal(whole.Ids(), walked);
        Assert.Equal(walked.Distinct().Count(), total);
    }

    [Fact]
    public async Task Search_RecordChangesBetweenPages_ComesAgainAndNoneIsLost()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerB);
        const string imogen = "0b000000-0000-7000-8000-000000000303";
        var all = (await owner.GetJsonAsync("/fhir/Patient")).Ids().ToList();

        var first = await owner.GetJsonAsync("/fhir/Patient?_count=5");
        await factory.ExecuteAsync($"update clients set status = 'paused' where id = '{imogen}'");
        var rest = await owner.GetJsonAsync(first.Link("next")!.Replace("_count=5", "_count=100", StringComparison.Ordinal));

        Assert.Contains(imogen, first.Ids());
        Assert.Equal([.. all.Except(first.Ids()), imogen], rest.Ids());
    }

    // Ruth 2026-11-05T10:00:00.000000, Samir 2026-11-05T10:00:00.500000, Callum 2026-12-31T23:30:00
    [Theory]
    [InlineData("2026-11-05", Ruth, Samir)]
    [InlineData("eq2026-11-05T10:00:00Z", Ruth, Samir)]
    [InlineData("2026-11-05T10:00:00.5Z", Samir)]
    [InlineData("2026-11-05T10:00:00.000", Ruth)]
    [InlineData("2026-11-05T11:00%2B01:00", Ruth, Samir)]
    [InlineData("2026-11-05T11:00+01:00", Ruth, Samir)]
    [InlineData("gt2026-11-05T10:00:00Z", Callum)]
    [InlineData("sa2026-11-05", Callum)]
    [InlineData("gt2026-11-05T10:00:00.000000Z", Samir, Callum)]
    [InlineData("ge2026-11-05T10:00:00.500Z", Samir, Callum)]
    [InlineData("gt2026-11", Callum)]
    [InlineData("ge2026-12", Callum)]
    [InlineData("2026-12-31", Callum)]
    [InlineData("ge2027-01-01T00:00:00%2B01:00", Callum)]
    [InlineData("gt2026")]
    [InlineData("ge2027")]
    [InlineData("lt2026-11-01")]
    [InlineData("eb2026-11-01T08:00:00.000001Z")]
    [InlineData("ne2026-11-01&_lastUpdated=lt2026-12", Ruth, Samir)]
    [InlineData("ge2026-11-02&_lastUpdated=le2026-11-05", Ruth, Samir)]
    [InlineData("ge2026-11-02&_lastUpdated=ne2026-11-05T10:00:00Z", Callum)]
    public async Task Search_LastUpdated_FindsByPrefixAndPrecision(string dates, params string[] expected)
    {
        await factory.ExecuteAsync($"update clients set updated_at = '2026-11-05 10:00:00' where id = '{Ruth}'");
        await factory.ExecuteAsync($"update clients set updated_at = '2026-11-05 10:00:00.5' where id = '{Samir}'");
        await factory.ExecuteAsync($"update clients set updated_at = '2026-12-31 23:30:00' where id = '{Callum}'");
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        Assert.Equal(expected, (await owner.GetJsonAsync($"/fhir/Patient?_lastUpdated={dates}")).Ids());
    }

    [Theory]
    [InlineData("_lastUpdated=yesterday", "_lastUpdated")]
    [InlineData("_lastUpdated=ap2026-11-05", "_lastUpdated")]
    [InlineData("_lastUpdated=2026-02-30", "_lastUpdated")]
    [InlineData("_lastUpdated=2026-11-05T10", "_lastUpdated")]
    [InlineData("_lastUpdated=2026-11-05T25:00", "_lastUpdated")]
    [InlineData("_lastUpdated=2026-11-05T10:00%2B15:00", "_lastUpdated")]
    [InlineData("_lastUpdated=0001-01-01T00:00%2B14:00", "_lastUpdated")]
    [InlineData("_lastUpdated=9999", "_lastUpdated")]
    [InlineData("_lastUpdated=2026,2027", "_lastUpdated")]
    [InlineData("_lastUpdated=2026%0A", "_lastUpdated")]
    [InlineData("_lastUpdated=", "_lastUpdated")]
    [InlineData("_count=-1", "_count")]
    [InlineData("_count=ten", "_count")]
    [InlineData("_count=99999999999", "_count")]
    [InlineData("_id=", "_id")]
    public async Task Search_BadValue_NamesTheParameter(string query, string name)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"/fhir/Patient?{query}")).AssertOutcomeAsync(HttpStatusCode.BadRequest, $"error value fhir.parameter_invalid http.{name}");
    }

    [Theory]
    [InlineData("_id:missing=true", "_id:missing")]
    [InlineData("patient.name=Maya", "patient.name")]
    [InlineData("patient:Patient=x", "patient:Patient")]
    public async Task Search_ModifierOrChain_RefusedAndNotIgnored(string query, string name)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"/fhir/Encounter?{query}"))
            .AssertOutcomeAsync(HttpStatusCode.BadRequest, $"error not-supported fhir.parameter_unsupported http.{name}");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!!")]
    [InlineData("LTEgMGEwMDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMzAx")]
    [InlineData("OTIyMzM3MjAzNjg1NDc3NTgwNyAwYTAwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAzMDE")]
    public async Task Search_ForeignCursor_BadRequest(string cursor)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"/fhir/Patient?_cursor={cursor}")).AssertOutcomeAsync(HttpStatusCode.BadRequest, "error value fhir.cursor_invalid http._cursor");
    }

    [Fact]
    public async Task Search_UnknownParameters_IgnoredUnlessStrict()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var path = $"/fhir/Patient?name=Maya&_id={FhirFactory.Maya}&_sort=name";

        var lenient = await nora.GetJsonAsync(path);
        nora.DefaultRequestHeaders.TryAddWithoutValidation("Prefer", "respond-async, handling=strict");
        var strict = await nora.GetAsync(path);
        var understood = await nora.GetAsync($"/fhir/Patient?_id={FhirFactory.Maya}");

        Assert.Equal($"http://localhost/fhir/Patient?_id={FhirFactory.Maya}", lenient.Link("self"));
        await strict.AssertOutcomeAsync(
            HttpStatusCode.BadRequest, "error not-supported fhir.parameter_unknown http.name", "error not-supported fhir.parameter_unknown http._sort");
        Assert.Equal(HttpStatusCode.OK, understood.StatusCode);
    }

    [Fact]
    public async Task Search_Count_IsBoundedAndZeroOnlyCounts()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var zero = await owner.GetJsonAsync("/fhir/Encounter?_count=0");
        var many = await owner.GetJsonAsync("/fhir/Encounter?_count=5000");
        var some = await owner.GetJsonAsync("/fhir/Encounter?_count=2");

        Assert.Equal(
            """{"resourceType":"Bundle","type":"searchset","total":41,"link":[{"relation":"self","url":"http://localhost/fhir/Encounter?_count=0"}]}""",
            zero.GetRawText());
        Assert.Equal("http://localhost/fhir/Encounter?_count=200", many.Link("self"));
        Assert.False(some.TryGetProperty("total", out _));
    }

    [Theory]
    [InlineData($"patient={FhirFactory.Tom}", 4)]
    [InlineData($"patient=http://localhost/fhir/Patient/{FhirFactory.Tom}", 4)]
    [InlineData($"patient=Patient/{FhirFactory.Tom},{FhirFactory.Maya}", 8)]
    [InlineData($"patient={FhirFactory.Tom}&patient={FhirFactory.Maya}", 0)]
    [InlineData($"patient=Practitioner/{FhirFactory.Tom}", 0)]
    [InlineData($"patient=http://elsewhere/fhir/Patient/{FhirFactory.Tom}", 0)]
    [InlineData($"patient={FhirFactory.Tom}&_id={FhirFactory.TomsSession},{FhirFactory.MayasSession}", 1)]
    public async Task Encounters_OfPatient_AreTheirs(string query, int total)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        Assert.Equal(total, (await nora.GetJsonAsync($"/fhir/Encounter?{query}")).GetProperty("total").GetInt32());
    }
}
