using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Services.Api.Tests.Homework;
using static AiPlatform.Services.Api.Tests.Clients.CareCalls;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>Arranging who treats whom. Today is the first of December 2026.</summary>
public sealed class CareRelationTests(CareFactory factory) : IClassFixture<CareFactory>
{
    [Fact]
    public async Task Arrange_EverythingSaid_ReadBackAsGivenAndOpensTheClient()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var clientId = await owner.TakeInAsync(Nora);
        var before = await daniel.SeesAsync(clientId);

        var response = await owner.ArrangeAsync(clientId, Daniel, "2026-12-01", "2027-01-15", "cover");
        var created = await response.ReadAsync(HttpStatusCode.Created);
        var read = await daniel.GetAsync($"/api/v1/care-relations/{created.Id()}");

        Assert.Equal((false, true), (before, await daniel.SeesAsync(clientId)));
        Assert.Equal(
            ($"/api/v1/care-relations/{created.Id()}", "\"1\"", "\"1\""),
            (response.Headers.Location!.OriginalString, response.Headers.ETag!.ToString(), read.Headers.ETag!.ToString()));
        Assert.Equal(created.GetRawText(), (await read.ReadAsync(HttpStatusCode.OK)).GetRawText());
        var body = JsonNode.Parse(created.GetRawText())!.AsObject();
        Assert.True(body.Remove("id"));
        Assert.Equal(
            $$"""
            {"clientId":"{{clientId}}","practitionerId":"{{Daniel}}","practitionerName":"Daniel Osei","kind":"cover","status":"current",
             "startedOn":"2026-12-01","endedOn":"2027-01-15"}
            """,
            body.ToJsonString(),
            SameJson.Comparer);
    }

    [Theory]
    [InlineData(UserRole.Owner, true)]
    [InlineData(UserRole.Admin, true)]
    [InlineData(UserRole.Reception, true)]
    [InlineData(UserRole.Practitioner, false)]
    [InlineData(UserRole.Client, false)]
    [InlineData(UserRole.Service, false)]
    public async Task ArrangeAndChange_ByRole_ThoseWhoLeadAndReception(UserRole role, bool may)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var caller = await factory.CreateCallerAsync(role, ApiFactory.PracticeA);
        var clientId = await owner.TakeInAsync(Nora);
        var known = (await (await owner.ArrangeAsync(clientId, Priya, "2026-11-10")).ReadAsync(HttpStatusCode.Created)).Id();

        var arranged = await caller.ArrangeAsync(clientId, Daniel, "2026-12-01");
        var changed = await caller.ChangeCareAsync(known, "2026-11-11", null);

        if (may)
        {
            await arranged.ReadAsync(HttpStatusCode.Created);
            await changed.ReadAsync(HttpStatusCode.OK);
            return;
        }

        await arranged.AssertProblemAsync(HttpStatusCode.Forbidden, "care.arrange_forbidden");
        await changed.AssertProblemAsync(HttpStatusCode.Forbidden, "care.arrange_forbidden");
        Assert.Equal(["Priya Raman joint current 2026-11-10 -", "Nora Berg main current 2026-11-01 -"], await owner.CareOfAsync(clientId));
    }

    [Theory]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint"}""", "care.invalid", "startedOn", "date.out_of_range")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint","startedOn":"1969-12-31"}""", "care.invalid", "startedOn", "date.out_of_range")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint","startedOn":"2031-12-02"}""", "care.invalid", "startedOn", "date.out_of_range")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint","startedOn":"2026-12-01","endedOn":"2026-11-30"}""", "care.invalid", "endedOn", "date.out_of_range")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint","startedOn":"2026-12-01","endedOn":"9999-12-31"}""", "care.invalid", "endedOn", "date.out_of_range")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"friend","startedOn":"2026-12-01"}""", "care.invalid", "kind", "care.kind_unknown")]
    [InlineData("""{"kind":"joint","startedOn":"2026-12-01"}""", "care.invalid", "practitionerId", "care.practitioner_unknown")]
    [InlineData("""{"practitionerId":"0b000000-0000-7000-8000-000000000101","kind":"joint","startedOn":"2026-12-01"}""", "care.invalid", "practitionerId", "care.practitioner_unknown")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint","startedOn":"01.12.2026"}""", "request.member_invalid", "startedOn", "request.member_invalid")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint","startedOn":"2026-12-01T00:00:00Z"}""", "request.member_invalid", "startedOn", "request.member_invalid")]
    [InlineData($$"""{"practitionerId":"1 or 1=1","kind":"joint","startedOn":"2026-12-01"}""", "request.member_invalid", "practitionerId", "request.member_invalid")]
    [InlineData($$"""{"practitionerId":"{{Daniel}}","kind":"joint","startedOn":"2026-12-01","clientId":"{{Daniel}}"}""", "request.member_invalid", "clientId", "request.member_invalid")]
    public async Task Arrange_FaultyBody_TellsTheFieldAndStoresNothing(string json, string code, string field, string fault)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);

        var response = await owner.WriteAsync(HttpMethod.Post, $"/api/v1/clients/{clientId}/care-relations", json, HomeworkCalls.NewKey());

        var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            (code, field, fault),
            (problem.GetProperty("code").GetString(), error.GetProperty("field").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(["Nora Berg main current 2026-11-01 -"], await owner.CareOfAsync(clientId));
    }

    [Fact]
    public async Task Arrange_PractitionerWhoTreatsNoMore_Refused()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        var former = (await (await owner.WriteAsync(
            HttpMethod.Post, "/api/v1/practitioners", """{"name":"Gone Before","status":"inactive"}""", HomeworkCalls.NewKey())).ReadAsync(HttpStatusCode.Created)).Id();

        var response = await owner.ArrangeAsync(clientId, former, "2026-12-01");

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, "care.invalid");
    }

    // Daniel treats from the 10th until before the 20th of December.
    [Theory]
    [InlineData("2026-12-01", "2026-12-10", true)]
    [InlineData("2026-12-20", null, true)]
    [InlineData("2026-12-20", "2026-12-31", true)]
    [InlineData("2026-12-15", "2026-12-15", true)]
    [InlineData("2026-12-01", "2026-12-11", false)]
    [InlineData("2026-12-19", "2026-12-20", false)]
    [InlineData("2026-12-10", "2026-12-20", false)]
    [InlineData("2026-12-12", "2026-12-13", false)]
    [InlineData("2026-12-01", null, false)]
    [InlineData("2026-12-01", "2027-12-01", false)]
    public async Task Arrange_BesideARelationOfThePair_RefusedWhereTheyMeet(string startedOn, string? endedOn, bool fits)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        await (await owner.ArrangeAsync(clientId, Daniel, "2026-12-10", "2026-12-20")).ReadAsync(HttpStatusCode.Created);
        await (await owner.ArrangeAsync(clientId, Daniel, "2026-12-05", "2026-12-05")).ReadAsync(HttpStatusCode.Created);

        var response = await owner.ArrangeAsync(clientId, Daniel, startedOn, endedOn);
        var somebodyElse = await owner.ArrangeAsync(clientId, Priya, startedOn, endedOn);

        await somebodyElse.ReadAsync(HttpStatusCode.Created);
        if (fits)
        {
            await response.ReadAsync(HttpStatusCode.Created);
            return;
        }

        await response.AssertProblemAsync(HttpStatusCode.Conflict, "care.overlap");
        Assert.Equal(3, (await owner.CareOfAsync(clientId)).Count(relation => !relation.StartsWith("Priya", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Arrange_OverlappingTwelveTimesAtOnceOnTwoReplicas_StoredOnce()
    {
        await using var replica = factory.CreateReplica();
        using var here = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var there = await replica.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await here.TakeInAsync(Nora);

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(index =>
            Task.Run(() => (index % 2 == 0 ? here : there).ArrangeAsync(clientId, Daniel, $"2026-12-{index + 1:00}"))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 11)],
            responses.Select(response => response.StatusCode).Order());
        Assert.Equal(2, (await here.CareOfAsync(clientId)).Count);
    }

    [Fact]
    public async Task Arrange_KeyAgain_IsTheRelationOfTheFirst()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        var key = HomeworkCalls.NewKey();

        var first = await (await owner.ArrangeAsync(clientId, Daniel, "2026-12-01", key: key)).ReadAsync(HttpStatusCode.Created);
        var again = await owner.ArrangeAsync(clientId, Daniel, "2026-12-01", key: key);
        var other = await owner.ArrangeAsync(clientId, Priya, "2026-12-01", key: key);

        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(first.GetRawText(), (await again.ReadAsync(HttpStatusCode.OK)).GetRawText());
        await other.AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
    }

    [Fact]
    public async Task Change_EndToday_ClosesTheClientAtOnce()
    {
        using var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var clientId = await reception.TakeInAsync(Nora);
        var relation = await (await reception.ArrangeAsync(clientId, Daniel, "2026-11-20")).ReadAsync(HttpStatusCode.Created);
        var before = await daniel.SeesAsync(clientId);

        var response = await reception.ChangeCareAsync(relation.Id(), "2026-11-20", "2026-12-01", "\"1\"");

        var changed = await response.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(("\"2\"", "past", "2026-12-01"), (response.Headers.ETag!.ToString(), changed.GetProperty("status").GetString(), changed.GetProperty("endedOn").GetString()));
        Assert.Equal((true, false), (before, await daniel.SeesAsync(clientId)));
    }

    [Theory]
    [InlineData("2026-11-20", null, null, HttpStatusCode.PreconditionRequired, "precondition.required")]
    [InlineData("2026-11-20", null, "\"7\"", HttpStatusCode.PreconditionFailed, "precondition.failed")]
    [InlineData("2026-11-20", "2026-11-19", "\"1\"", HttpStatusCode.BadRequest, "care.invalid")]
    [InlineData("2026-11-20", "2026-12-11", "\"1\"", HttpStatusCode.Conflict, "care.overlap")]
    [InlineData("2026-11-20", null, "\"1\"", HttpStatusCode.Conflict, "care.overlap")]
    public async Task Change_ThatMayNotBe_RefusedAndNothingStored(string startedOn, string? endedOn, string? ifMatch, HttpStatusCode status, string code)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        var first = await (await owner.ArrangeAsync(clientId, Daniel, "2026-11-20", "2026-12-01")).ReadAsync(HttpStatusCode.Created);
        await (await owner.ArrangeAsync(clientId, Daniel, "2026-12-10")).ReadAsync(HttpStatusCode.Created);

        var response = await owner.ChangeCareAsync(first.Id(), startedOn, endedOn, ifMatch);

        await response.AssertProblemAsync(status, code);
        Assert.Equal(
            ["Daniel Osei joint upcoming 2026-12-10 -", "Daniel Osei joint past 2026-11-20 2026-12-01", "Nora Berg main current 2026-11-01 -"],
            await owner.CareOfAsync(clientId));
    }

    [Fact]
    public async Task Main_ForSomebodyWhoIsNot_RefusedAlsoByReopening()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        var formerMain = (await owner.GetJsonAsync($"/api/v1/clients/{clientId}/care-relations")).GetProperty("items")[0].Id();
        await owner.HandOverAsync(clientId, Daniel);

        var arranged = await owner.ArrangeAsync(clientId, Priya, "2026-12-01", kind: "main");
        var reopened = await owner.ChangeCareAsync(formerMain, "2026-11-01", null);
        var corrected = await owner.ChangeCareAsync(formerMain, "2026-11-01", "2026-11-30");

        await arranged.AssertProblemAsync(HttpStatusCode.Conflict, "care.not_main");
        await reopened.AssertProblemAsync(HttpStatusCode.Conflict, "care.not_main");
        await corrected.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(["Daniel Osei main current 2026-12-01 -", "Nora Berg main past 2026-11-01 2026-11-30"], await owner.CareOfAsync(clientId));
    }

    [Fact]
    public async Task Main_AfterABreak_ArrangedAgain()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        var first = (await owner.GetJsonAsync($"/api/v1/clients/{clientId}/care-relations")).GetProperty("items")[0].Id();
        await (await owner.ChangeCareAsync(first, "2026-11-01", "2026-11-20")).ReadAsync(HttpStatusCode.OK);

        await (await owner.ArrangeAsync(clientId, Nora, "2026-12-01", kind: "main")).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(["Nora Berg main current 2026-12-01 -", "Nora Berg main past 2026-11-01 2026-11-20"], await owner.CareOfAsync(clientId));
    }

    [Theory]
    [InlineData("status=all", 5)]
    [InlineData("status=current", 1, "Nora Berg main current 2026-11-01 -")]
    [InlineData("status=upcoming", 1, "Daniel Osei joint upcoming 2026-12-02 -")]
    [InlineData("status=past", 3, "Daniel Osei joint past 2027-01-01 2027-01-01", "Priya Raman joint past 2026-11-20 2026-12-01", "Priya Raman cover past 2026-11-01 2026-11-10")]
    public async Task List_ByStatus_LatestStartFirst(string query, int count, params string[] expected)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);
        await owner.ArrangeAsync(clientId, Priya, "2026-11-01", "2026-11-10", "cover");
        await owner.ArrangeAsync(clientId, Priya, "2026-11-20", "2026-12-01");
        await owner.ArrangeAsync(clientId, Daniel, "2026-12-02");
        await owner.ArrangeAsync(clientId, Daniel, "2027-01-01", "2027-01-01");

        var all = await owner.CareOfAsync(clientId, query);
        var ids = (await owner.GetJsonAsync($"/api/v1/clients/{clientId}/care-relations?{query}")).GetProperty("items").EnumerateArray().Select(item => item.Id());
        var walked = await owner.ReadPagesAsync($"/api/v1/clients/{clientId}/care-relations?{query}&limit=1");

        Assert.Equal(count, all.Count);
        Assert.Equal(expected.Length == 0 ? all : expected, all);
        Assert.Equal(ids, walked);
    }

    [Theory]
    [InlineData("status=open", "request.invalid")]
    [InlineData("limit=0", "request.invalid")]
    [InlineData("limit=101", "request.invalid")]
    [InlineData("cursor=x", "cursor.invalid")]
    public async Task List_ParameterOutOfRange_BadRequest(string query, string code)
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await nora.GetAsync($"/api/v1/clients/{ApiFactory.MayaLindqvist}/care-relations?{query}");

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task List_ByTheClientThemself_TellsWhoTreatsThem()
    {
        using var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        var relations = await maya.CareOfAsync($"{ApiFactory.MayaLindqvist}");

        Assert.Equal(["Priya Raman cover past 2026-08-10 2026-08-24", "Nora Berg main current 2026-06-02 -"], relations);
    }
}
