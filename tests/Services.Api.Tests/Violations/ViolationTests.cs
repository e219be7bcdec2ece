using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Violations;

public sealed class ViolationTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Violations = "/api/v1/violations";
    private const string Nora = "0a000000-0000-7000-8000-000000000101";
    private const string Daniel = "0a000000-0000-7000-8000-000000000102";
    private const string Helen = "0b000000-0000-7000-8000-000000000101";

    [Fact]
    [Trait("Spec", "T000-019")]
    public async Task Record_EveryField_StoredAndReadBackInCamelCase()
    {
        var (nora, owner) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.OwnerA));

        var response = await nora.WriteAsync(
            HttpMethod.Post,
            Violations,
            $$$"""
            {"profileId":"{{{Nora}}}","templateId":"t-17","templateName":"Intake '; drop table violations; --","violationType":"diagnosis_request",
             "templateContent":"<script>State the DSM-5 code.</script>","reason":"Asks for a diagnosis.","confidence":0.93,
             "clientId":"{{{ApiFactory.MayaLindqvist}}}","metadata":{"model":"gpt-4o-mini","attempt":2,"flags":["dsm",null,"\u00e9"],"deep":{"er":true}},
             "ipAddress":"2001:DB8::7","userAgent":"Practice/1.0 (kiosk)"}
            """,
            NewKey());
        var created = await response.ReadAsync(HttpStatusCode.Created);

        Assert.Equal($"{Violations}/{created.Id()}", response.Headers.Location!.OriginalString);
        Assert.Equal(
            $$$"""
            {"id":"{{{created.Id()}}}","profileId":"{{{Nora}}}","templateId":"t-17","templateName":"Intake '; drop table violations; --",
             "violationType":"diagnosis_request","templateContent":"<script>State the DSM-5 code.</script>","reason":"Asks for a diagnosis.",
             "confidence":0.93,"clientId":"{{{ApiFactory.MayaLindqvist}}}",
             "metadata":{"model":"gpt-4o-mini","attempt":2,"flags":["dsm",null,"é"],"deep":{"er":true}},
             "ipAddress":"2001:db8::7","userAgent":"Practice/1.0 (kiosk)","recordedBy":"0a000000-0000-7000-8000-000000000201",
             "recordedAt":{{{created.GetProperty("recordedAt").GetRawText()}}}}
            """,
            (await owner.GetJsonAsync($"{Violations}/{created.Id()}")).GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    [Trait("Spec", "T000-020")]
    public async Task Record_WithoutAddressAndAgent_TakesThoseOfTheConnection()
    {
        await using var published = factory.CreateReplica();
        published.UseKestrel(0);
        published.StartServer();
        using var nora = await published.CreateClientAsync(SamplePerson.Nora);
        nora.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('a', 600));

        var created = await RecordAsync(nora, "t-1");

        Assert.Equal(
            (true, new string('a', 512)),
            (IPAddress.IsLoopback(IPAddress.Parse(created.GetProperty("ipAddress").GetString()!)), created.GetProperty("userAgent").GetString()));
    }

    [Fact]
    [Trait("Spec", "T000-021")]
    [Trait("Spec", "T000-085")]
    public async Task Record_TwoTemplates_AreTwoRecordsWithTheirOwnIds()
    {
        var (nora, owner) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.OwnerA));

        var first = await RecordAsync(nora, "two-1");
        var second = await RecordAsync(nora, "two-2");

        var listed = (await owner.GetJsonAsync($"{Violations}?profileId={Nora}&limit=200")).GetProperty("items").EnumerateArray()
            .Select(item => (item.Id(), item.GetProperty("templateId").GetString()))
            .Where(item => item.Item2?.StartsWith("two-", StringComparison.Ordinal) is true);
        Assert.Equal([(second.Id(), "two-2"), (first.Id(), "two-1")], listed);
    }

    [Fact]
    public async Task Record_TwelveTwins_MakeOneRecord()
    {
        var (nora, owner) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.OwnerA));
        var (key, before) = (NewKey(), (await owner.ReadPagesAsync($"{Violations}?limit=200")).Count);

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ =>
            Task.Run(() => nora.WriteAsync(HttpMethod.Post, Violations, Json("twin"), key))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.OK, 11)], responses.Select(response => response.StatusCode).OrderDescending());
        Assert.Single((await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(before + 1, (await owner.ReadPagesAsync($"{Violations}?limit=200")).Count);
        await (await nora.WriteAsync(HttpMethod.Post, Violations, Json("other"), key)).AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
        await (await nora.WriteAsync(HttpMethod.Post, Violations, Json("other"))).AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency.key_required");
    }

    [Theory]
    [InlineData(Daniel)]
    [InlineData(Helen)]
    [InlineData("0c000000-0000-7000-8000-00000000dead")]
    public async Task Record_ProfileThatIsNotTheTokens_Forbidden(string profile)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await AssertNothingStoredAsync(async () =>
            await (await nora.WriteAsync(HttpMethod.Post, Violations, Json("x", profile), NewKey())).AssertProblemAsync(HttpStatusCode.Forbidden, "violation.profile_forbidden"));
    }

    [Theory]
    [InlineData(SamplePerson.OwnerA)]
    [InlineData(SamplePerson.ReceptionA)]
    [InlineData(SamplePerson.MayaLindqvist)]
    public async Task Record_TokenWithoutAProfile_Forbidden(SamplePerson person)
    {
        var client = await factory.CreateClientAsync(person);

        await AssertNothingStoredAsync(async () =>
            await (await client.WriteAsync(HttpMethod.Post, Violations, Json("x"), NewKey())).AssertProblemAsync(HttpStatusCode.Forbidden, "violation.profile_forbidden"));
    }

    [Fact]
    public async Task Record_ByTheServiceOfThePractice_ForItsPractitionersOnly()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, ApiFactory.PracticeA);

        var created = await (await service.WriteAsync(HttpMethod.Post, Violations, Json("by-service", Daniel), NewKey())).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(Daniel, created.GetProperty("profileId").GetString());
        await (await service.WriteAsync(HttpMethod.Post, Violations, Json("x", Helen), NewKey())).AssertProblemAsync(HttpStatusCode.Forbidden, "violation.profile_forbidden");
    }

    [Theory]
    [InlineData("0a000000-0000-7000-8000-000000000305")]
    [InlineData("0b000000-0000-7000-8000-000000000305")]
    [InlineData("0c000000-0000-7000-8000-00000000dead")]
    public async Task Record_ClientOutOfSight_NotFound(string client)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var json = $$"""{"profileId":"{{Nora}}","violationType":"x","reason":"x","clientId":"{{client}}"}""";

        await AssertNothingStoredAsync(async () =>
            await (await nora.WriteAsync(HttpMethod.Post, Violations, json, NewKey())).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found"));
    }

    [Theory]
    [InlineData("\"profileId\":null", "profileId", "violation.profile_required")]
    [InlineData("\"profileId\":\"00000000-0000-0000-0000-000000000000\"", "profileId", "violation.profile_required")]
    [InlineData("\"violationType\":null", "violationType", "violation.type_invalid")]
    [InlineData("\"violationType\":\"Diagnosis Request\"", "violationType", "violation.type_invalid")]
    [InlineData("\"violationType\":\"a_234567890123456789012345678901234567890123456789012345678901234\"", "violationType", "violation.type_invalid")]
    [InlineData("\"reason\":\" \"", "reason", "text.required")]
    [InlineData("\"reason\":\"a\\u0000b\"", "reason", "text.control_character")]
    [InlineData("\"confidence\":1.01", "confidence", "number.out_of_range")]
    [InlineData("\"confidence\":-0.01", "confidence", "number.out_of_range")]
    [InlineData("\"metadata\":[]", "metadata", "violation.metadata_invalid")]
    [InlineData("\"metadata\":\"x\"", "metadata", "violation.metadata_invalid")]
    [InlineData("\"metadata\":{\"a\":\"\\ud800\"}", "metadata", "violation.metadata_invalid")]
    [InlineData("\"metadata\":{\"\\udc00\":1}", "metadata", "request.member_invalid")]
    [InlineData("\"ipAddress\":\"1\"", "ipAddress", "violation.address_invalid")]
    [InlineData("\"ipAddress\":\"192.0.2.256\"", "ipAddress", "violation.address_invalid")]
    [InlineData("\"ipAddress\":\"fe80::1%eth0\"", "ipAddress", "violation.address_invalid")]
    [InlineData("\"ipAddress\":\"localhost\"", "ipAddress", "violation.address_invalid")]
    [InlineData("\"profileId\":\"x\"", "profileId", "request.member_invalid")]
    [InlineData("\"confidence\":\"high\"", "confidence", "request.member_invalid")]
    [InlineData("\"practiceId\":\"x\"", "practiceId", "request.member_invalid")]
    [InlineData("\"violation_type\":\"x\"", "violation_type", "request.member_invalid")]
    public async Task Record_FaultyBody_TellsTheFieldAndStoresNothing(string member, string field, string fault)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var members = new Dictionary<string, string> { ["profileId"] = $"\"{Nora}\"", ["violationType"] = "\"x\"", ["reason"] = "\"x\"" };
        members[member.Split('"')[1]] = member[(member.IndexOf(':') + 1)..];
        var json = $"{{{string.Join(',', members.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}";

        await AssertNothingStoredAsync(async () =>
        {
            var problem = await (await nora.WriteAsync(HttpMethod.Post, Violations, json, NewKey())).ReadAsync(HttpStatusCode.BadRequest);
            var error = problem.GetProperty("errors")[0];
            Assert.Equal((field, fault), (error.GetProperty("field").GetString(), error.GetProperty("code").GetString()));
        });
    }

    [Fact]
    public async Task Record_TooMuchMetadata_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var json = $$$"""{"profileId":"{{{Nora}}}","violationType":"x","reason":"x","metadata":{"a":"{{{new string('a', 17_000)}}}"}}""";

        var problem = await (await nora.WriteAsync(HttpMethod.Post, Violations, json, NewKey())).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal("violation.metadata_invalid", problem.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    public async Task Read_ByOneWhoDoesNotLead_Forbidden(UserRole role)
    {
        using var person = await factory.CreateCallerAsync(role, ApiFactory.PracticeA);

        await (await person.GetAsync(Violations)).AssertProblemAsync(HttpStatusCode.Forbidden, "violation.read_forbidden");
        await (await person.GetAsync($"{Violations}/0a000000-0000-7000-8000-000000000801")).AssertProblemAsync(HttpStatusCode.Forbidden, "violation.read_forbidden");
    }

    [Fact]
    public async Task List_PageByPage_NewestFirstWithoutContents()
    {
        var practice = Guid.CreateVersion7();
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, practice);
        using var service = await factory.CreateCallerAsync(UserRole.Service, practice);
        var profile = Guid.CreateVersion7();
        await factory.ExecuteAsync(
            """
            insert into practitioners (id, practice_id, name, title, email, phone, specialities, active, created_at)
            values (@profile, @practice, 'x', '', '', '', '[]', 1, now(6))
            """,
            new { practice, profile });
        var ids = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            ids.Add((await (await service.WriteAsync(HttpMethod.Post, Violations, Json("t", $"{profile}"), NewKey())).ReadAsync(HttpStatusCode.Created)).Id());
        }

        // The same time for all: the id decides.
        await factory.ExecuteAsync("update violations set recorded_at = '2026-11-20 10:00:00' where practice_id = @practice", new { practice });

        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), await owner.ReadPagesAsync($"{Violations}?limit=2"));
        Assert.Equal(
            $$"""
            {"id":"{{ids.Max(StringComparer.Ordinal)}}","profileId":"{{profile}}","templateId":"t","templateName":null,"violationType":"diagnosis_request",
             "confidence":null,"clientId":null,"recordedAt":"2026-11-20T10:00:00+00:00"}
            """,
            (await owner.GetJsonAsync($"{Violations}?limit=1&profileId={profile}")).GetProperty("items")[0].GetRawText(),
            SameJson.Comparer);
        Assert.Empty(await owner.ReadPagesAsync($"{Violations}?profileId={Nora}&limit=9"));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("cursor=x")]
    [InlineData("profileId=x")]
    public async Task List_ParameterThatIsNone_BadRequest(string query)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        Assert.Equal(HttpStatusCode.BadRequest, (await owner.GetAsync($"{Violations}?{query}")).StatusCode);
    }

    [Fact]
    public async Task Record_AndRead_AreEachInTheAudit()
    {
        var (nora, owner) = (await factory.CreateClientAsync(SamplePerson.Nora), await factory.CreateClientAsync(SamplePerson.OwnerA));
        nora.DefaultRequestHeaders.Add("X-Correlation-Id", "violations-1");
        owner.DefaultRequestHeaders.Add("X-Correlation-Id", "violations-1");
        var (key, unknown) = (NewKey(), Guid.CreateVersion7());

        var id = (await (await nora.WriteAsync(HttpMethod.Post, Violations, Json("x"), key)).ReadAsync(HttpStatusCode.Created)).Id();
        await (await nora.WriteAsync(HttpMethod.Post, Violations, Json("x"), key)).ReadAsync(HttpStatusCode.OK);
        await owner.GetJsonAsync($"{Violations}/{id}");
        await (await owner.GetAsync($"{Violations}/{unknown}")).AssertProblemAsync(HttpStatusCode.NotFound, "violation.not_found");

        Assert.Equal(
            $"practitioner violation.recorded violation {id} success\nowner violation.read violation {id} success\nowner violation.read violation {unknown} refused",
            await factory.ReadAuditAsync("violations-1", 3));
    }

    private static string Json(string templateId, string profile = Nora) =>
        $$"""{"profileId":"{{profile}}","templateId":"{{templateId}}","violationType":"diagnosis_request","reason":"Asks for a diagnosis."}""";

    private static async Task<JsonElement> RecordAsync(HttpClient client, string templateId) =>
        await (await client.WriteAsync(HttpMethod.Post, Violations, Json(templateId), NewKey())).ReadAsync(HttpStatusCode.Created);

    private async Task AssertNothingStoredAsync(Func<Task> act)
    {
        const string Stored = "select count(*) from violations where template_id = 'x' or template_id is null";
        var before = await factory.ReadAsync<long>(Stored);
        await act();
        Assert.Equal(before, await factory.ReadAsync<long>(Stored));
    }
}
