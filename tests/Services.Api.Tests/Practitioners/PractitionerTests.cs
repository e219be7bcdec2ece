using System.Net;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Practitioners;

public sealed class PractitionerTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Practitioners = "/api/v1/practitioners";
    private const string Nora = "0a000000-0000-7000-8000-000000000101";
    private const string Daniel = "0a000000-0000-7000-8000-000000000102";
    private const string Priya = "0a000000-0000-7000-8000-000000000103";

    [Theory]
    [InlineData("", "Daniel Osei", "Nora Berg", "Priya Raman")]
    [InlineData("?sort=-name", "Priya Raman", "Nora Berg", "Daniel Osei")]
    [InlineData("?role=practitioner&limit=200", "Nora Berg", "Priya Raman")]
    [InlineData("?role=owner", "Daniel Osei")]
    [InlineData("?role=reception")]
    [InlineData("?role=", "Daniel Osei", "Nora Berg", "Priya Raman")]
    [InlineData("?status=inactive", "Ursula Old")]
    [InlineData("?status=all&role=", "Daniel Osei", "Nora Berg", "Priya Raman", "Ursula Old")]
    public async Task List_ByStatusAndRole_InOrderOfNames(string query, params string[] names)
    {
        var practice = await CreatePracticeAsync();
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, practice);

        var listed = await owner.GetJsonAsync(Practitioners + query);

        Assert.Equal(
            names,
            listed.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task List_PageByPage_EveryoneOnceAlsoWithOneName()
    {
        var practice = await CreatePracticeAsync();
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, practice);
        foreach (var name in new[] { "Ann", "ann", "Ánn", "Zoë", "Ann" })
        {
            await owner.AddAsync($$"""{"name":"{{name}}"}""");
        }

        var ascending = await owner.ReadPagesAsync($"{Practitioners}?status=all&limit=2");
        var descending = await owner.ReadPagesAsync($"{Practitioners}?status=all&limit=3&sort=-name");

        Assert.Equal((9, 9), (ascending.Count, ascending.Distinct().Count()));
        Assert.Equal(ascending.Reverse(), descending);
    }

    [Theory]
    [InlineData("status=retired")]
    [InlineData("role=client")]
    [InlineData("role=Owner")]
    [InlineData("sort=email")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    public async Task List_ParameterThatIsNone_BadRequest(string query)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"{Practitioners}?{query}")).AssertProblemAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%20")]
    [InlineData("MGEwMDAwMDA")]
    public async Task List_CursorThatIsNone_BadRequest(string cursor)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.GetAsync($"{Practitioners}?cursor={cursor}")).AssertProblemAsync(HttpStatusCode.BadRequest, "cursor.invalid");
    }

    [Theory]
    [InlineData(SamplePerson.OwnerA, "8500")]
    [InlineData(SamplePerson.ReceptionA, "8500")]
    [InlineData(SamplePerson.Nora, "null")]
    [InlineData(SamplePerson.MayaLindqvist, "null")]
    public async Task Read_Practitioner_FeeForThoseItConcerns(SamplePerson person, string fee)
    {
        var client = await factory.CreateClientAsync(person);

        var response = await client.GetAsync($"{Practitioners}/{Priya}");

        Assert.Equal("\"1\"", response.Headers.ETag!.ToString());
        Assert.Equal(
            $$"""
            {"id":"{{Priya}}","name":"Priya Raman","title":"Cognitive behavioural therapist","email":"priya.raman@harbourlane.example",
             "phone":"+44 1273 550 103","specialities":["chronic pain","panic","social anxiety","low mood"],"status":"active","role":"practitioner",
             "sessionFeeMinor":{{fee}}}
            """,
            (await response.ReadAsync(HttpStatusCode.OK)).GetRawText(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Read_ThemselfByAPractitioner_WithTheirFee()
    {
        var priya = await factory.CreateClientAsync("priya.raman@harbourlane.example", "demo-password-3");

        Assert.Equal(8500, (await priya.GetJsonAsync($"{Practitioners}/{Priya}")).GetProperty("sessionFeeMinor").GetInt32());
    }

    [Fact]
    public async Task Add_EverythingSaid_ReadBackAsGiven()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, await CreatePracticeAsync());
        var specialities = string.Join(',', Enumerable.Range(0, 20).Select(index => $"\"{new string('ж', 38)}{index:00}\""));

        var response = await owner.WriteAsync(
            HttpMethod.Post,
            Practitioners,
            $$"""
            {"name":" Eva '; drop table practitioners; -- ","title":"<b>Dr</b>","email":"eva@practice.example","phone":"(0) 1273/550-1.9","sessionFeeMinor":0,
             "specialities":[{{specialities}}]}
            """,
            NewKey());
        var created = await response.ReadAsync(HttpStatusCode.Created);
        var read = await owner.GetAsync($"{Practitioners}/{created.Id()}");
        var body = await read.ReadAsync(HttpStatusCode.OK);

        Assert.Equal(
            ($"{Practitioners}/{created.Id()}", "\"1\"", "\"1\""),
            (response.Headers.Location!.OriginalString, response.Headers.ETag!.ToString(), read.Headers.ETag!.ToString()));
        Assert.Equal(
            $$"""
            {"id":"{{created.Id()}}","name":"Eva '; drop table practitioners; --","title":"<b>Dr</b>","email":"eva@practice.example",
             "phone":"(0) 1273/550-1.9","specialities":[{{specialities}}],"status":"active","role":null,"sessionFeeMinor":0}
            """,
            body.GetRawText(),
            SameJson.Comparer);
        Assert.Equal(created.GetRawText(), body.GetRawText());
    }

    [Fact]
    public async Task Add_TwelveTwins_MakeOnePractitioner()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, await CreatePracticeAsync());
        var key = NewKey();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ =>
            Task.Run(() => owner.WriteAsync(HttpMethod.Post, Practitioners, """{"name":"Twin"}""", key))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.OK, 11)], responses.Select(response => response.StatusCode).OrderDescending());
        Assert.Equal(5, (await owner.ReadPagesAsync($"{Practitioners}?status=all")).Count);
        await (await owner.WriteAsync(HttpMethod.Post, Practitioners, """{"name":"Other"}""", key)).AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
    }

    [Fact]
    public async Task Change_ToInactive_LeavesTheListAndIsRecordedOnce()
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, await CreatePracticeAsync());
        owner.DefaultRequestHeaders.Add("X-Correlation-Id", "practitioners-1");
        var path = $"{Practitioners}/{(await owner.AddAsync("""{"name":"Eva","title":"Dr"}""")).Id()}";
        const string Json = """{"name":"Eva Lind","status":"inactive"}""";

        await (await owner.WriteAsync(HttpMethod.Put, path, Json)).AssertProblemAsync((HttpStatusCode)428, "precondition.required");
        await (await owner.WriteAsync(HttpMethod.Put, path, Json, ifMatch: "\"2\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        var changed = await owner.WriteAsync(HttpMethod.Put, path, Json, ifMatch: "\"1\"");
        await (await owner.WriteAsync(HttpMethod.Put, path, Json, ifMatch: "\"1\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");

        var body = await changed.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(
            ("\"2\"", "Eva Lind", "", "inactive"),
            (changed.Headers.ETag!.ToString(), body.GetProperty("name").GetString(), body.GetProperty("title").GetString(), body.GetProperty("status").GetString()));
        Assert.Equal(body.GetRawText(), (await owner.GetJsonAsync(path)).GetRawText());
        Assert.DoesNotContain(body.Id(), await owner.ReadPagesAsync($"{Practitioners}?limit=200"));
        Assert.Equal(
            $"owner practitioner.added practitioner {body.Id()} success\nowner practitioner.changed practitioner {body.Id()} success",
            await factory.ReadAuditAsync("practitioners-1", 2));
    }

    [Theory]
    [InlineData("""{}""", "name", "text.required")]
    [InlineData("""{"name":"x","status":"retired"}""", "status", "practitioner.status_invalid")]
    [InlineData("""{"name":"x","email":"nobody"}""", "email", "email.invalid")]
    [InlineData("""{"name":"x","phone":"-"}""", "phone", "phone.invalid")]
    [InlineData("""{"name":"x","sessionFeeMinor":-1}""", "sessionFeeMinor", "number.out_of_range")]
    [InlineData("""{"name":"x","specialities":["grief",null]}""", "specialities[1]", "text.required")]
    [InlineData("""{"name":"x","specialities":"grief"}""", "specialities", "request.member_invalid")]
    [InlineData("""{"name":"x","role":"owner"}""", "role", "request.member_invalid")]
    public async Task Write_FaultyBody_TellsTheFieldAndStoresNothing(string json, string field, string fault)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        const string Everything = "select concat_ws(' ', count(*), sum(version)) from practitioners where practice_id = @PracticeA";
        var before = await factory.ReadAsync<string>(Everything, new { ApiFactory.PracticeA });

        var added = await (await owner.WriteAsync(HttpMethod.Post, Practitioners, json, NewKey())).ReadAsync(HttpStatusCode.BadRequest);
        var changed = await (await owner.WriteAsync(HttpMethod.Put, $"{Practitioners}/{Daniel}", json, ifMatch: "*")).ReadAsync(HttpStatusCode.BadRequest);

        Assert.All(
            [added, changed],
            problem => Assert.Equal(
                (field, fault),
                (problem.GetProperty("errors")[0].GetProperty("field").GetString(), problem.GetProperty("errors")[0].GetProperty("code").GetString())));
        Assert.Equal(before, await factory.ReadAsync<string>(Everything, new { ApiFactory.PracticeA }));
    }

    [Theory]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    [InlineData(UserRole.Client)]
    [InlineData(UserRole.Service)]
    public async Task Write_ByOneWhoDoesNotLead_Forbidden(UserRole role)
    {
        using var person = await factory.CreateCallerAsync(role, ApiFactory.PracticeA);

        await (await person.WriteAsync(HttpMethod.Post, Practitioners, "{", NewKey())).AssertProblemAsync(HttpStatusCode.Forbidden, "practitioner.change_forbidden");
        await (await person.WriteAsync(HttpMethod.Put, $"{Practitioners}/{Nora}", "{", ifMatch: "*")).AssertProblemAsync(HttpStatusCode.Forbidden, "practitioner.change_forbidden");
    }

    [Theory]
    [InlineData("0a000000-0000-7000-8000-00000000dead")]
    [InlineData("0b000000-0000-7000-8000-000000000101")]
    public async Task Practitioner_UnknownOrOfAnotherPractice_NotFound(string id)
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        await (await owner.GetAsync($"{Practitioners}/{id}")).AssertProblemAsync(HttpStatusCode.NotFound, "practitioner.not_found");
        await (await owner.WriteAsync(HttpMethod.Put, $"{Practitioners}/{id}", """{"name":"x"}""", ifMatch: "*")).AssertProblemAsync(HttpStatusCode.NotFound, "practitioner.not_found");
    }

    // Two who only treat, one of them also the owner's account in a second one, and one who left.
    private async Task<Guid> CreatePracticeAsync()
    {
        var practice = Guid.CreateVersion7();
        Guid[] profiles = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];
        await factory.ExecuteAsync(
            """
            insert into practitioners (id, practice_id, name, title, email, phone, specialities, active, created_at)
            values (@nora, @practice, 'Nora Berg', '', '', '', '[]', 1, now(6)), (@daniel, @practice, 'Daniel Osei', '', '', '', '[]', 1, now(6)),
                   (@priya, @practice, 'Priya Raman', '', '', '', '[]', 1, now(6)), (@ursula, @practice, 'Ursula Old', '', '', '', '[]', 0, now(6));
            insert into users (id, practice_id, email, password_hash, role, display_name, profile_id, active, created_at)
            values (uuid(), @practice, uuid(), '', 'practitioner', '', @nora, 1, now(6)), (uuid(), @practice, uuid(), '', 'practitioner', '', @daniel, 1, now(6)),
                   (uuid(), @practice, uuid(), '', 'owner', '', @daniel, 1, now(6)), (uuid(), @practice, uuid(), '', 'practitioner', '', @priya, 1, now(6)),
                   (uuid(), @practice, uuid(), '', 'owner', '', @priya, 0, now(6)), (uuid(), @practice, uuid(), '', 'reception', '', null, 1, now(6))
            """,
            new { practice, nora = profiles[0], daniel = profiles[1], priya = profiles[2], ursula = profiles[3] });
        return practice;
    }
}

internal static class PractitionerCalls
{
    public static async Task<System.Text.Json.JsonElement> AddAsync(this HttpClient client, string json) =>
        await (await client.WriteAsync(HttpMethod.Post, "/api/v1/practitioners", json, NewKey())).ReadAsync(HttpStatusCode.Created);
}
