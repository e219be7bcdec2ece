using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Services.Api.Tests.Homework;
using static AiPlatform.Services.Api.Tests.Clients.CareCalls;

namespace AiPlatform.Services.Api.Tests.Clients;

/// <summary>Taking in clients and keeping their records. Today is the first of December 2026.</summary>
public sealed class ClientRecordTests(CareFactory factory) : IClassFixture<CareFactory>
{
    private const string Path = "/api/v1/clients";

    [Fact]
    public async Task Create_EverythingSaid_ReadBackAsGivenWithTheMainRelation()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);

        var response = await owner.WriteAsync(
            HttpMethod.Post,
            Path,
            $$"""
            {"name":" Zoë O'Neill '; drop table clients; -- ","status":"active","pronouns":"they/them","dateOfBirth":"1984-02-29","email":"zoe@mail.example",
             "phone":"+44 7700 900123","startedAt":"2026-11-03","practitionerId":"{{Daniel}}","presentingConcerns":"<b>Panic</b> on trains.",
             "goals":["Ride to Leeds","Sleep"],"notes":"Prefers mornings."}
            """,
            HomeworkCalls.NewKey());
        var created = await response.ReadAsync(HttpStatusCode.Created);
        var read = await daniel.GetAsync($"{Path}/{created.Id()}");

        Assert.Equal(
            ($"{Path}/{created.Id()}", "\"1\"", "\"1\""),
            (response.Headers.Location!.OriginalString, response.Headers.ETag!.ToString(), read.Headers.ETag!.ToString()));
        Assert.Equal(created.GetRawText(), (await read.ReadAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(["Daniel Osei main current 2026-11-03 -"], await owner.CareOfAsync(created.Id()));
        var body = JsonNode.Parse(created.GetRawText())!.AsObject();
        Assert.True(body.Remove("id"));
        Assert.Equal(
            $$"""
            {"name":"Zoë O'Neill '; drop table clients; --","status":"active","pronouns":"they/them","dateOfBirth":"1984-02-29","email":"zoe@mail.example",
             "phone":"+44 7700 900123","startedAt":"2026-11-03","practitionerId":"{{Daniel}}","practitionerName":"Daniel Osei","sessionCount":0,
             "lastSessionAt":null,"presentingConcerns":"<b>Panic</b> on trains.","goals":["Ride to Leeds","Sleep"],"notes":"Prefers mornings."}
            """,
            body.ToJsonString(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Create_ByAPractitioner_IsTheirOwnClientFromToday()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var created = await (await nora.WriteAsync(
            HttpMethod.Post, Path, """{"name":"Walk In","dateOfBirth":"1990-01-01","startedAt":"2027-01-10"}""", HomeworkCalls.NewKey())).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(
            (Nora, "new", "2027-01-10"),
            (created.GetProperty("practitionerId").GetString(), created.GetProperty("status").GetString(), created.GetProperty("startedAt").GetString()));
        Assert.Equal(["Nora Berg main current 2026-12-01 -"], await nora.CareOfAsync(created.Id()));
    }

    [Theory]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    public async Task Write_ByWhoKeepsNoClients_Forbidden(UserRole role)
    {
        using var caller = await factory.CreateCallerAsync(role, ApiFactory.PracticeA);

        var created = await caller.WriteAsync(HttpMethod.Post, Path, "{}", HomeworkCalls.NewKey());
        var changed = await caller.WriteAsync(HttpMethod.Put, $"{Path}/{ApiFactory.MayaLindqvist}", "{}", ifMatch: "*");

        await created.AssertProblemAsync(HttpStatusCode.Forbidden, "client.write_forbidden");
        await changed.AssertProblemAsync(HttpStatusCode.Forbidden, "client.write_forbidden");
    }

    [Fact]
    public async Task Write_PractitionerGivesAClientToSomebodyElse_Forbidden()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var own = await nora.TakeInAsync(Nora);
        var json = $$"""{"name":"Ada Quill","dateOfBirth":"1990-01-01","practitionerId":"{{Daniel}}"}""";

        var created = await nora.WriteAsync(HttpMethod.Post, Path, json, HomeworkCalls.NewKey());
        var changed = await nora.WriteAsync(HttpMethod.Put, $"{Path}/{own}", json, ifMatch: "*");

        await created.AssertProblemAsync(HttpStatusCode.Forbidden, "client.practitioner_forbidden");
        await changed.AssertProblemAsync(HttpStatusCode.Forbidden, "client.practitioner_forbidden");
        Assert.Equal(["Nora Berg main current 2026-11-01 -"], await nora.CareOfAsync(own));
    }

    [Fact]
    public async Task Create_RepeatedByWhoTreatsThemNoMore_NotFound()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var key = HomeworkCalls.NewKey();
        const string Json = """{"name":"Ada Quill","dateOfBirth":"1990-01-01"}""";
        var clientId = (await (await nora.WriteAsync(HttpMethod.Post, Path, Json, key)).ReadAsync(HttpStatusCode.Created)).Id();
        await ChangeAsync(owner, clientId, $$"""{"name":"Ada Quill","dateOfBirth":"1990-01-01","practitionerId":"{{Daniel}}"}""");

        var repeated = await nora.WriteAsync(HttpMethod.Post, Path, Json, key);

        await repeated.AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
    }

    [Fact]
    public async Task Write_ByReception_LeavesTheNotesAlone()
    {
        using var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var clientId = await nora.TakeInAsync(Nora);
        await ChangeAsync(nora, clientId, """{"name":"Ada Quill","dateOfBirth":"1990-01-01","notes":"Only for Nora."}""");

        const string WithNotes = """{"name":"Ada Quill","dateOfBirth":"1990-01-01","notes":"Seen."}""";
        var created = await reception.WriteAsync(HttpMethod.Post, Path, WithNotes, HomeworkCalls.NewKey());
        var refused = await reception.WriteAsync(HttpMethod.Put, $"{Path}/{clientId}", WithNotes, ifMatch: "*");
        var changed = await ChangeAsync(reception, clientId, """{"name":"Ada Quill-Hale","dateOfBirth":"1990-01-01","phone":"07700 900 100"}""");
        var read = await nora.GetJsonAsync($"{Path}/{clientId}");

        await created.AssertProblemAsync(HttpStatusCode.Forbidden, "client.notes_forbidden");
        await refused.AssertProblemAsync(HttpStatusCode.Forbidden, "client.notes_forbidden");
        Assert.Null(changed.GetProperty("notes").GetString());
        Assert.Equal(
            ("Ada Quill-Hale", "07700 900 100", "Only for Nora."),
            (read.GetProperty("name").GetString(), read.GetProperty("phone").GetString(), read.GetProperty("notes").GetString()));
    }

    [Theory]
    [InlineData("""{"dateOfBirth":"1990-01-01"}""", "client.invalid", "name", "text.required")]
    [InlineData("""{"name":" ","dateOfBirth":"1990-01-01"}""", "client.invalid", "name", "text.required")]
    [InlineData("""{"name":"a\u0000b","dateOfBirth":"1990-01-01"}""", "client.invalid", "name", "text.control_character")]
    [InlineData("""{"name":"x"}""", "client.invalid", "dateOfBirth", "date.out_of_range")]
    [InlineData("""{"name":"x","dateOfBirth":"1899-12-31"}""", "client.invalid", "dateOfBirth", "date.out_of_range")]
    [InlineData("""{"name":"x","dateOfBirth":"2026-12-02"}""", "client.invalid", "dateOfBirth", "date.out_of_range")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","startedAt":"2027-12-02"}""", "client.invalid", "startedAt", "date.out_of_range")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","status":"gone"}""", "client.invalid", "status", "client.status_unknown")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","email":"nobody"}""", "client.invalid", "email", "email.invalid")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","phone":"call me"}""", "client.invalid", "phone", "phone.invalid")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","goals":["a",null]}""", "client.invalid", "goals[1]", "text.required")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","goals":["","","","","","","","","","","","","","","","","","","","",""]}""", "client.invalid", "goals", "client.too_many_goals")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","practitionerId":"0b000000-0000-7000-8000-000000000101"}""", "client.invalid", "practitionerId", "client.practitioner_unknown")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","practitionerId":7}""", "request.member_invalid", "practitionerId", "request.member_invalid")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-02-30"}""", "request.member_invalid", "dateOfBirth", "request.member_invalid")]
    [InlineData("""{"name":"x","dateOfBirth":"1990-01-01","version":9}""", "request.member_invalid", "version", "request.member_invalid")]
    [InlineData("""{"name":"x","name":"y","dateOfBirth":"1990-01-01"}""", "request.member_invalid", "name", "request.member_invalid")]
    public async Task Write_FaultyBody_TellsTheFieldAndStoresNothing(string json, string code, string field, string fault)
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var known = await owner.GetJsonAsync($"{Path}/{ApiFactory.TomOkafor}");
        var before = await factory.ReadAsync<int>("select count(*) from clients");
        var withPractitioner = json.Contains("practitionerId", StringComparison.Ordinal) ? json : $$"""{"practitionerId":"{{Nora}}",{{json[1..]}}""";

        var created = await owner.WriteAsync(HttpMethod.Post, Path, withPractitioner, HomeworkCalls.NewKey());
        var changed = await owner.WriteAsync(HttpMethod.Put, $"{Path}/{ApiFactory.TomOkafor}", json, ifMatch: "*");

        foreach (var response in new[] { created, changed })
        {
            var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
            var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
            Assert.Equal(
                (code, field, fault),
                (problem.GetProperty("code").GetString(), error.GetProperty("field").GetString(), error.GetProperty("code").GetString()));
        }

        Assert.Equal(before, await factory.ReadAsync<int>("select count(*) from clients"));
        Assert.Equal(known.GetRawText(), (await owner.GetJsonAsync($"{Path}/{ApiFactory.TomOkafor}")).GetRawText());
    }

    [Fact]
    public async Task Create_ByTheOwnerWithoutAPractitioner_Refused()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var response = await owner.WriteAsync(HttpMethod.Post, Path, """{"name":"x","dateOfBirth":"1990-01-01"}""", HomeworkCalls.NewKey());

        await response.AssertProblemAsync(HttpStatusCode.BadRequest, "client.invalid");
    }

    [Fact]
    public async Task Create_EightTwinsOnTwoReplicas_MakeOneClientAndOneRelation()
    {
        await using var replica = factory.CreateReplica();
        using var here = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var there = await replica.CreateClientAsync(SamplePerson.OwnerA);
        var (key, json) = (HomeworkCalls.NewKey(), $$"""{"name":"Twin Client","dateOfBirth":"1990-01-01","practitionerId":"{{Nora}}"}""");

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(index =>
            Task.Run(() => (index % 2 == 0 ? here : there).WriteAsync(HttpMethod.Post, Path, json, key))));

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 7), HttpStatusCode.Created], responses.Select(response => response.StatusCode).Order());
        Assert.Single((await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(
            (1, 1),
            (await factory.ReadAsync<int>("select count(*) from clients where name = 'Twin Client'"),
                await factory.ReadAsync<int>("select count(*) from care_relations r join clients c on c.id = r.client_id where c.name = 'Twin Client'")));
    }

    [Fact]
    public async Task Change_WithTheETag_FoundUnderItsNewNameOnlyAndMovesTheETag()
    {
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var clientId = await nora.TakeInAsync(Nora, name: "Ann Before");

        var stale = await nora.WriteAsync(HttpMethod.Put, $"{Path}/{clientId}", """{"name":"x","dateOfBirth":"1990-01-01"}""", ifMatch: "\"2\"");
        var without = await nora.WriteAsync(HttpMethod.Put, $"{Path}/{clientId}", """{"name":"x","dateOfBirth":"1990-01-01"}""");
        var response = await nora.WriteAsync(
            HttpMethod.Put, $"{Path}/{clientId}", """{"name":"Änne Afterwards","dateOfBirth":"1991-05-05","status":"paused","goals":["Rest"]}""", ifMatch: "\"1\"");
        var repeated = await nora.WriteAsync(HttpMethod.Put, $"{Path}/{clientId}", """{"name":"x","dateOfBirth":"1990-01-01"}""", ifMatch: "\"1\"");

        await stale.AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        await without.AssertProblemAsync(HttpStatusCode.PreconditionRequired, "precondition.required");
        await repeated.AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        var changed = await response.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(("\"2\"", "paused", "2026-11-01"), (response.Headers.ETag!.ToString(), changed.GetProperty("status").GetString(), changed.GetProperty("startedAt").GetString()));
        Assert.Equal(
            [clientId],
            (await nora.GetJsonAsync($"{Path}/search?query=anne%20after")).GetProperty("items").EnumerateArray().Select(item => item.Id()));
        Assert.Equal(0, (await nora.GetJsonAsync($"{Path}/search?query=before")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Change_TwelveTimesAtOnceWithOneETag_OneWins()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => Task.Run(() => owner.WriteAsync(
            HttpMethod.Put, $"{Path}/{clientId}", $$"""{"name":"Ada {{index}}","dateOfBirth":"1990-01-01"}""", ifMatch: "\"1\""))));

        Assert.Equal(
            [HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.PreconditionFailed, 11)], responses.Select(response => response.StatusCode).Order());
    }

    [Fact]
    public async Task Change_OfTheMainPractitioner_HandsTheClientOverToday()
    {
        using var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        using var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var clientId = await reception.TakeInAsync(Nora);
        await (await reception.ArrangeAsync(clientId, Daniel, "2026-11-15")).ReadAsync(HttpStatusCode.Created);
        await (await reception.ArrangeAsync(clientId, Priya, "2026-11-10")).ReadAsync(HttpStatusCode.Created);

        await reception.HandOverAsync(clientId, Daniel);

        Assert.Equal((false, true), (await nora.SeesAsync(clientId), await daniel.SeesAsync(clientId)));
        Assert.Equal(
            [
                "Daniel Osei main current 2026-12-01 -", "Daniel Osei joint past 2026-11-15 2026-12-01", "Priya Raman joint current 2026-11-10 -",
                "Nora Berg main past 2026-11-01 2026-12-01",
            ],
            await reception.CareOfAsync(clientId));
    }

    [Fact]
    public async Task Change_OfTheMainPractitionerAndBackOnOneDay_LeavesOneOpenRelation()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        using var daniel = await factory.CreateClientAsync(SamplePerson.Daniel);
        var clientId = await owner.TakeInAsync(Nora);
        await (await owner.ArrangeAsync(clientId, Daniel, "2026-12-20")).ReadAsync(HttpStatusCode.Created);

        await owner.HandOverAsync(clientId, Daniel);
        await owner.HandOverAsync(clientId, Nora);

        Assert.False(await daniel.SeesAsync(clientId));
        Assert.Equal(
            [
                "Daniel Osei joint past 2026-12-20 2026-12-20", "Daniel Osei main past 2026-12-01 2026-12-01", "Nora Berg main current 2026-12-01 -",
                "Nora Berg main past 2026-11-01 2026-12-01",
            ],
            (await owner.CareOfAsync(clientId)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Change_ThatNamesTheSamePractitioner_LeavesTheRelation()
    {
        using var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var clientId = await owner.TakeInAsync(Nora);

        await owner.HandOverAsync(clientId, Nora);

        Assert.Equal(["Nora Berg main current 2026-11-01 -"], await owner.CareOfAsync(clientId));
    }

    private static async Task<System.Text.Json.JsonElement> ChangeAsync(HttpClient caller, string clientId, string json) =>
        await (await caller.WriteAsync(HttpMethod.Put, $"{Path}/{clientId}", json, ifMatch: "*")).ReadAsync(HttpStatusCode.OK);
}
