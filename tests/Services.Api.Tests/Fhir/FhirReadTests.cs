using System.Net;
using System.Net.Http.Headers;

namespace AiPlatform.Services.Api.Tests.Fhir;

public sealed class FhirReadTests(FhirFactory factory) : IClassFixture<FhirFactory>
{
    // Microseconds since 1970 of FhirFactory.Changed.
    private const string Version = "1793520000000001";

    [Theory]
    [InlineData(
        $"/fhir/Patient/{FhirFactory.Maya}",
        """{"resourceType":"Patient","id":"0a000000-0000-7000-8000-000000000301","meta":{"versionId":"1793520000000001","lastUpdated":"2026-11-01T08:00:00.000001+00:00"},"active":true,"name":[{"text":"Maya Lindqvist"}],"telecom":[{"system":"phone","value":"+44 7700 900301"},{"system":"email","value":"maya.lindqvist@mail.example"}],"birthDate":"1989-04-17","generalPractitioner":[{"reference":"Practitioner/0a000000-0000-7000-8000-000000000101"}]}""")]
    [InlineData(
        $"/fhir/Practitioner/{FhirFactory.Nora}",
        """{"resourceType":"Practitioner","id":"0a000000-0000-7000-8000-000000000101","meta":{"versionId":"1793520000000001","lastUpdated":"2026-11-01T08:00:00.000001+00:00"},"active":true,"name":[{"text":"Nora Berg"}],"telecom":[{"system":"phone","value":"+44 1273 550 101"},{"system":"email","value":"nora.berg@harbourlane.example"}]}""")]
    [InlineData(
        $"/fhir/Encounter/{FhirFactory.MayasSession}",
        """{"resourceType":"Encounter","id":"0a000000-0000-7000-8000-000000040104","meta":{"versionId":"1793520000000001","lastUpdated":"2026-11-01T08:00:00.000001+00:00"},"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB","display":"ambulatory"},"subject":{"reference":"Patient/0a000000-0000-7000-8000-000000000301"},"participant":[{"type":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"PPRF","display":"primary performer"}]}],"individual":{"reference":"Practitioner/0a000000-0000-7000-8000-000000000101"}}],"period":{"start":"2026-11-10T09:00:00+00:00","end":"2026-11-10T09:13:43+00:00"},"length":{"value":823,"unit":"s","system":"http://unitsofmeasure.org","code":"s"}}""")]
    public async Task Read_Sample_IsTheResource(string path, string json)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await nora.GetAsync(path);

        Assert.Equal(json, await response.Content.ReadAsStringAsync());
        Assert.Equal(
            (HttpStatusCode.OK, "application/fhir+json", $"W/\"{Version}\"", new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero)),
            (response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Headers.ETag?.ToString(), response.Content.Headers.LastModified));
    }

    [Theory]
    [InlineData($"W/\"{Version}\"", HttpStatusCode.NotModified)]
    [InlineData($"\"0\", \"{Version}\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("W/\"1\"", HttpStatusCode.OK)]
    public async Task Read_IfNoneMatch_SendsOnlyWhatIsNew(string tags, HttpStatusCode status)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", tags);

        var response = await nora.GetAsync($"/fhir/Patient/{FhirFactory.Maya}");

        Assert.Equal((status, $"W/\"{Version}\""), (response.StatusCode, response.Headers.ETag?.ToString()));
        Assert.Equal(status is HttpStatusCode.OK, (await response.Content.ReadAsStringAsync()).Length > 0);
    }

    [Fact]
    public async Task Read_AfterAnyWrite_IsANewVersion()
    {
        const string edwin = "0a000000-0000-7000-8000-000000000304";
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var before = (await nora.GetAsync($"/fhir/Patient/{edwin}")).Headers.ETag;

        await factory.ExecuteAsync($"update clients set phone = '' where id = '{edwin}'");
        nora.DefaultRequestHeaders.IfNoneMatch.Add(before!);
        var after = await nora.GetAsync($"/fhir/Patient/{edwin}");

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(before, after.Headers.ETag);
        Assert.DoesNotContain("phone", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await factory.ExecuteAsync($"update clients set updated_at = '{FhirFactory.Changed}' where id = '{edwin}'");
    }

    [Theory]
    [InlineData("Patient", "client.not_found")]
    [InlineData("Practitioner", "practitioner.not_found")]
    [InlineData("Encounter", "session.not_found")]
    public async Task Read_NoSuchThing_NotFoundOutcome(string type, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        foreach (var id in new[] { "0c000000-0000-7000-8000-00000000dead", "1", "0A000000-0000-7000-8000-000000000301", "{0a000000-0000-7000-8000-000000000301}" })
        {
            await (await nora.GetAsync($"/fhir/{type}/{id}")).AssertOutcomeAsync(HttpStatusCode.NotFound, $"error not-found {code}");
        }
    }

    [Theory]
    [InlineData("?_format=json", null, "application/fhir+json")]
    [InlineData("?_format=application/fhir+json", "application/fhir+xml", "application/fhir+json")]
    [InlineData("?_format=application%2Fjson", null, "application/json")]
    [InlineData("", "application/json", "application/json")]
    [InlineData("", "application/fhir+json; fhirVersion=4.0", "application/fhir+json")]
    [InlineData("", "application/fhir+xml;q=0.9, */*;q=0.1", "application/fhir+json")]
    [InlineData("?_format=xml", null, null)]
    [InlineData("", "application/fhir+xml", null)]
    [InlineData("", "application/fhir+json; fhirVersion=5.0", null)]
    public async Task Read_Format_IsTheOneAskedForOrRefused(string query, string? accept, string? contentType)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.Accept.Clear();
        if (accept is not null)
        {
            nora.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        }

        var response = await nora.GetAsync($"/fhir/Patient/{FhirFactory.Maya}{query}");

        if (contentType is null)
        {
            await response.AssertOutcomeAsync(HttpStatusCode.NotAcceptable, "error not-supported fhir.format_unsupported");
            return;
        }

        Assert.Equal((HttpStatusCode.OK, contentType), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
    }

    [Fact]
    public async Task Errors_OfTokenAndRoute_AreOutcomesUnderFhirOnly()
    {
        var nobody = factory.CreateClient();
        var forger = factory.CreateClient();
        forger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "x.y.z");
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nobody.GetAsync("/fhir/Patient")).AssertOutcomeAsync(HttpStatusCode.Unauthorized, "error login auth.required");
        await (await forger.GetAsync("/fhir/Patient")).AssertOutcomeAsync(HttpStatusCode.Unauthorized, "error login auth.token_invalid");
        await (await nora.GetAsync("/fhir/DocumentReference")).AssertOutcomeAsync(HttpStatusCode.NotFound, "error not-found resource.not_found");
        await (await nora.PostAsync("/fhir/Patient", null)).AssertOutcomeAsync(HttpStatusCode.MethodNotAllowed, "error not-supported request.method_not_allowed");
        await (await nora.GetAsync($"/api/v1/clients/{Guid.Empty}")).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        nora.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/csv");
        await (await nora.GetAsync($"/api/v1/clients/{Guid.Empty}")).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
    }

    [Fact]
    public async Task Metadata_WithoutToken_SaysWhatIsServed()
    {
        var response = await factory.CreateClient().GetAsync("/fhir/metadata");

        Assert.Equal(
            """{"resourceType":"CapabilityStatement","status":"active","date":"2026-11-20","kind":"instance","software":{"name":"AiPlatform"},"implementation":{"description":"The clients, practitioners and sessions of a practice, to read.","url":"http://localhost/fhir"},"fhirVersion":"4.0.1","format":["application/fhir+json","application/json"],"rest":[{"mode":"server","documentation":"Read only. _count is at most 200; pages are followed by their next link, in the order of the last change.","security":{"description":"A bearer token of this platform; its practice and role decide what is found."},"resource":["""
            + """{"type":"Encounter","interaction":[{"code":"read"},{"code":"search-type"}],"versioning":"versioned","readHistory":false,"updateCreate":false,"conditionalRead":"not-match","searchParam":[{"name":"_id","definition":"http://hl7.org/fhir/SearchParameter/Resource-id","type":"token"},{"name":"_lastUpdated","definition":"http://hl7.org/fhir/SearchParameter/Resource-lastUpdated","type":"date","documentation":"Prefixes eq, ne, gt, lt, ge, le, sa and eb. Given more than once, all must hold."},{"name":"patient","definition":"http://hl7.org/fhir/SearchParameter/clinical-patient","type":"reference"}]},"""
            + """{"type":"Patient","interaction":[{"code":"read"},{"code":"search-type"}],"versioning":"versioned","readHistory":false,"updateCreate":false,"conditionalRead":"not-match","searchParam":[{"name":"_id","definition":"http://hl7.org/fhir/SearchParameter/Resource-id","type":"token"},{"name":"_lastUpdated","definition":"http://hl7.org/fhir/SearchParameter/Resource-lastUpdated","type":"date","documentation":"Prefixes eq, ne, gt, lt, ge, le, sa and eb. Given more than once, all must hold."}]},"""
            + """{"type":"Practitioner","interaction":[{"code":"read"},{"code":"search-type"}],"versioning":"versioned","readHistory":false,"updateCreate":false,"conditionalRead":"not-match","searchParam":[{"name":"_id","definition":"http://hl7.org/fhir/SearchParameter/Resource-id","type":"token"},{"name":"_lastUpdated","definition":"http://hl7.org/fhir/SearchParameter/Resource-lastUpdated","type":"date","documentation":"Prefixes eq, ne, gt, lt, ge, le, sa and eb. Given more than once, all must hold."}]}]}]}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal(("application/fhir+json", null), (response.Content.Headers.ContentType?.ToString(), response.Headers.ETag));
    }
}
