using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Services.Api.Identity;
using Microsoft.Extensions.DependencyInjection;
using static AiPlatform.Services.Api.Tests.Homework.HomeworkCalls;

namespace AiPlatform.Services.Api.Tests.Homework;

public sealed class HomeworkAssignmentTests(NovemberFactory factory) : IClassFixture<NovemberFactory>
{
    private static readonly string OfTom = $"/api/v1/clients/{ApiFactory.TomOkafor}/homework";

    [Fact]
    public async Task Assign_EverythingSaid_ReadBackAsGiven()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await nora.WriteAsync(
            HttpMethod.Post,
            OfMaya,
            """
            {"title":" Panic log '; drop table clients; -- ","instructions":"<b>After</b> each one.","submissionsWanted":3,"dueAt":"2028-02-29T18:00:00.5+01:00",
             "questions":[{"text":"How bad?","kind":"scale","minimum":0,"maximum":10},{"text":"Where?","kind":"choice","options":["home","work"]},
                          {"text":"What helped?","kind":"text","required":false}]}
            """,
            NewKey());
        var created = await response.ReadAsync(HttpStatusCode.Created);
        var read = await nora.GetAsync($"/api/v1/homework/assignments/{created.Id()}");

        Assert.Equal(
            ($"/api/v1/homework/assignments/{created.Id()}", "\"1\"", "\"1\""),
            (response.Headers.Location!.OriginalString, response.Headers.ETag!.ToString(), read.Headers.ETag!.ToString()));
        Assert.Equal(created.GetRawText(), (await read.ReadAsync(HttpStatusCode.OK)).GetRawText());
        var body = JsonNode.Parse(created.GetRawText())!.AsObject();
        Assert.True(body.Remove("id") && body.Remove("assignedAt"));
        Assert.Equal(
            """
            {"clientId":"0a000000-0000-7000-8000-000000000301","practitionerId":"0a000000-0000-7000-8000-000000000101",
             "title":"Panic log '; drop table clients; --","instructions":"<b>After</b> each one.",
             "questions":[{"id":"q1","text":"How bad?","kind":"scale","required":true,"minimum":0,"maximum":10},
                          {"id":"q2","text":"Where?","kind":"choice","required":true,"options":["home","work"]},
                          {"id":"q3","text":"What helped?","kind":"text","required":false}],
             "status":"active","submissionsWanted":3,"submissionCount":0,"dueAt":"2028-02-29T17:00:00.5+00:00","completedAt":null}
            """,
            body.ToJsonString(),
            SameJson.Comparer);
    }

    [Fact]
    public async Task Assign_TwelveTwinsOnTwoReplicas_MakeOneRow()
    {
        await using var replica = factory.CreateReplica();
        var people = new[] { await factory.CreateClientAsync(SamplePerson.Nora), await replica.CreateClientAsync(SamplePerson.Nora) };
        var (key, before) = (NewKey(), (await people[0].ReadPagesAsync($"{OfTom}?limit=100")).Count);

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(index =>
            Task.Run(() => people[index % 2].WriteAsync(HttpMethod.Post, OfTom, """{"title":"Twin"}""", key))));

        Assert.Equal(
            [HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.OK, 11)],
            responses.Select(response => response.StatusCode).OrderDescending());
        Assert.Equal(11, responses.Count(response => response.Headers.Contains("Idempotency-Replayed")));
        Assert.Single((await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(before + 1, (await people[0].ReadPagesAsync($"{OfTom}?limit=100")).Count);
    }

    [Fact]
    public async Task Assign_KeyOfAnotherRequest_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var key = NewKey();
        await (await nora.WriteAsync(HttpMethod.Post, OfMaya, """{"title":"One"}""", key)).ReadAsync(HttpStatusCode.Created);

        await (await nora.WriteAsync(HttpMethod.Post, OfMaya, """{"title":"Two"}""", key)).AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
        await (await nora.WriteAsync(HttpMethod.Post, OfTom, """{"title":"One"}""", key)).AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
    }

    [Fact]
    public async Task Assign_KeyOfSomebodyElse_IsTheirOwn()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var key = NewKey();

        var first = await (await nora.WriteAsync(HttpMethod.Post, OfMaya, """{"title":"One"}""", key)).ReadAsync(HttpStatusCode.Created);
        var second = await (await owner.WriteAsync(HttpMethod.Post, OfMaya, """{"title":"One"}""", key)).ReadAsync(HttpStatusCode.Created);

        Assert.NotEqual(first.Id(), second.Id());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("with space")]
    [InlineData("ключ")]
    public async Task Assign_NoUsableKey_Refused(string? key)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.WriteAsync(HttpMethod.Post, OfMaya, """{"title":"x"}""", key)).AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency.key_required");
    }

    [Theory]
    [InlineData("""{"instructions":"x"}""", "homework.invalid", "title", "text.required")]
    [InlineData("""{"title":" "}""", "homework.invalid", "title", "text.required")]
    [InlineData("""{"title":"a\u0000b"}""", "homework.invalid", "title", "text.control_character")]
    [InlineData("""{"title":"x","submissionsWanted":0}""", "homework.invalid", "submissionsWanted", "number.out_of_range")]
    [InlineData("""{"title":"x","submissionsWanted":367}""", "homework.invalid", "submissionsWanted", "number.out_of_range")]
    [InlineData("""{"title":"x","dueAt":"2020-01-01T00:00:00Z"}""", "homework.invalid", "dueAt", "homework.due_invalid")]
    [InlineData("""{"title":"x","dueAt":"9999-12-31T23:59:59Z"}""", "homework.invalid", "dueAt", "homework.due_invalid")]
    [InlineData("""{"title":"x","questions":[null]}""", "homework.invalid", "questions[0].text", "text.required")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"essay"}]}""", "homework.invalid", "questions[0].kind", "homework.kind_unknown")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"scale","minimum":5,"maximum":5}]}""", "homework.invalid", "questions[0].maximum", "number.out_of_range")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"scale","minimum":-2147483648,"maximum":2147483647}]}""", "homework.invalid", "questions[0].minimum", "number.out_of_range")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"text","maximum":5}]}""", "homework.invalid", "questions[0].minimum", "homework.no_scale")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"choice","options":["b"]}]}""", "homework.invalid", "questions[0].options", "homework.options_invalid")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"choice","options":["b","b "]}]}""", "homework.invalid", "questions[0].options", "homework.options_invalid")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"choice","options":["b",null]}]}""", "homework.invalid", "questions[0].options[1]", "text.required")]
    [InlineData("""{"title":"x","practiceId":"0b000000-0000-7000-8000-000000000001"}""", "request.member_invalid", "practiceId", "request.member_invalid")]
    [InlineData("""{"title":"x","questions":[{"text":"a","kind":"text","id":"q9"}]}""", "request.member_invalid", "questions[0].id", "request.member_invalid")]
    [InlineData("""{"title":"x","title":"y"}""", "request.member_invalid", "title", "request.member_invalid")]
    [InlineData("""{"title":7}""", "request.member_invalid", "title", "request.member_invalid")]
    [InlineData("""{"title":"x","submissionsWanted":"3"}""", "request.member_invalid", "submissionsWanted", "request.member_invalid")]
    [InlineData("""{"title":"x","submissionsWanted":99999999999}""", "request.member_invalid", "submissionsWanted", "request.member_invalid")]
    [InlineData("""{"title":"x","dueAt":"2028-01-01T00:00:00"}""", "request.member_invalid", "dueAt", "request.member_invalid")]
    [InlineData("""{"title":"x","dueAt":"2027-02-29T00:00:00Z"}""", "request.member_invalid", "dueAt", "request.member_invalid")]
    [InlineData("""{"title":"\ud800"}""", "request.member_invalid", "title", "request.member_invalid")]
    public async Task Assign_FaultyBody_TellsTheField(string json, string code, string field, string fault)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var problem = await (await nora.WriteAsync(HttpMethod.Post, OfMaya, json, NewKey())).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal(
            [(code, field, fault)],
            problem.GetProperty("errors").EnumerateArray().Select(error =>
                (problem.GetProperty("code").GetString()!, error.GetProperty("field").GetString()!, error.GetProperty("code").GetString()!)).Take(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"title":"x",}""")]
    [InlineData("""{"title":"x"} {}""")]
    public async Task Assign_NoJsonObject_Malformed(string body)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.WriteAsync(HttpMethod.Post, OfMaya, body, NewKey())).AssertProblemAsync(HttpStatusCode.BadRequest, "request.malformed");
    }

    [Fact]
    public async Task Assign_BrokenUtf8_Malformed()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var content = new ByteArrayContent([.. "{\"title\":\""u8, 0xC3, 0x28, .. "\"}"u8]) { Headers = { ContentType = new("application/json") } };

        await (await nora.WriteAsync(HttpMethod.Post, OfMaya, content, NewKey())).AssertProblemAsync(HttpStatusCode.BadRequest, "request.malformed");
    }

    [Fact]
    public async Task Assign_OtherContentOrTooMuch_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var text = new StringContent("""{"title":"x"}""", Encoding.UTF8, "text/plain");
        var huge = $$"""{"title":"x","instructions":"{{new string('a', 300_000)}}"}""";
        var unannounced = new StreamContent(new UnseekableStream(Encoding.UTF8.GetBytes(huge))) { Headers = { ContentType = new("application/json") } };

        await (await nora.WriteAsync(HttpMethod.Post, OfMaya, text, NewKey())).AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, "request.unsupported_media_type");
        await (await nora.WriteAsync(HttpMethod.Post, OfMaya, huge, NewKey())).AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
        // The usual client would keep the body for redirects, and so know its length.
        using var streaming = factory.CreateDefaultClient();
        streaming.DefaultRequestHeaders.Authorization = nora.DefaultRequestHeaders.Authorization;
        await (await streaming.WriteAsync(HttpMethod.Post, OfMaya, unannounced, NewKey())).AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
    }

    [Fact]
    public async Task Change_OnTheVersionRead_NewVersion()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var path = $"/api/v1/homework/assignments/{(await nora.AssignAsync("""{"title":"Before","instructions":"x"}""")).Id()}";
        const string Change = """{"title":"After","dueAt":"2028-01-01T00:00:00Z","status":"cancelled"}""";

        await (await nora.WriteAsync(HttpMethod.Put, path, Change)).AssertProblemAsync((HttpStatusCode)428, "precondition.required");
        await (await nora.WriteAsync(HttpMethod.Put, path, Change, ifMatch: "\"2\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        await (await nora.WriteAsync(HttpMethod.Put, path, Change, ifMatch: "W/\"1\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        var changed = await nora.WriteAsync(HttpMethod.Put, path, Change, ifMatch: "\"7\", \"1\"");
        await (await nora.WriteAsync(HttpMethod.Put, path, Change, ifMatch: "\"1\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");

        var body = await changed.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(
            ("\"2\"", "After", "", "cancelled", "2028-01-01T00:00:00+00:00"),
            (changed.Headers.ETag!.ToString(), body.GetProperty("title").GetString(), body.GetProperty("instructions").GetString(),
                body.GetProperty("status").GetString(), body.GetProperty("dueAt").GetString()));
        Assert.Equal(body.GetRawText(), (await nora.GetJsonAsync(path)).GetRawText());
    }

    [Fact]
    public async Task Change_TwelveOnOneVersion_OneWins()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var path = $"/api/v1/homework/assignments/{(await nora.AssignAsync("""{"title":"Before"}""")).Id()}";

        var statuses = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => Task.Run(async () =>
            (await nora.WriteAsync(HttpMethod.Put, path, $$"""{"title":"{{index}}","status":"active"}""", ifMatch: "\"1\"")).StatusCode)));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.PreconditionFailed, 11)], statuses.Order());
    }

    [Theory]
    [InlineData("""{"title":"x"}""", "status")]
    [InlineData("""{"title":"x","status":"completed"}""", "status")]
    [InlineData("""{"status":"active"}""", "title")]
    [InlineData("""{"title":"x","status":"active","dueAt":"2020-01-01T00:00:00Z"}""", "dueAt")]
    public async Task Change_FaultyBody_TellsTheField(string json, string field)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var path = $"/api/v1/homework/assignments/{(await nora.AssignAsync("""{"title":"Before"}""")).Id()}";

        var problem = await (await nora.WriteAsync(HttpMethod.Put, path, json, ifMatch: "*")).ReadAsync(HttpStatusCode.BadRequest);

        Assert.Equal([field], problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!));
    }

    [Fact]
    public async Task Reception_SeesThatThereIsHomework_NotWhatItAsks()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        var id = (await nora.AssignAsync("""{"title":"Log","instructions":"secret","questions":[{"text":"secret","kind":"text"}]}""")).Id();

        var seen = await reception.GetJsonAsync($"/api/v1/homework/assignments/{id}");
        var listed = await reception.ReadPagesAsync($"{OfMaya}?limit=100");

        Assert.Equal(
            ("Log", "Null", "Null"),
            (seen.GetProperty("title").GetString(), $"{seen.GetProperty("instructions").ValueKind}", $"{seen.GetProperty("questions").ValueKind}"));
        Assert.Contains(id, listed);
    }

    [Fact]
    public async Task Client_OtherClientsHomework_NotFound()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);
        var toms = (await (await nora.WriteAsync(HttpMethod.Post, OfTom, """{"title":"x"}""", NewKey())).ReadAsync(HttpStatusCode.Created)).Id();

        await (await maya.GetAsync(OfTom)).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        await (await maya.GetAsync($"/api/v1/homework/assignments/{toms}")).AssertProblemAsync(HttpStatusCode.NotFound, "homework.not_found");
        await (await maya.GetAsync($"/api/v1/homework/assignments/{toms}/results")).AssertProblemAsync(HttpStatusCode.NotFound, "homework.not_found");
        await (await maya.SubmitAsync(toms, "{}")).AssertProblemAsync(HttpStatusCode.NotFound, "homework.not_found");
    }

    [Fact]
    public async Task Assign_ByTheOwner_IsOfTheMainPractitioner()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        var assigned = await owner.AssignAsync("""{"title":"x"}""");

        Assert.Equal("0a000000-0000-7000-8000-000000000101", assigned.GetProperty("practitionerId").GetString());
    }

    [Fact]
    public async Task Service_OfThePractice_ReadsAndGivesNothing()
    {
        var token = await factory.Services.GetRequiredService<TokenIssuer>()
            .IssueServiceTokenAsync(Guid.CreateVersion7(), ApiFactory.PracticeA, CancellationToken.None);
        using var service = factory.CreateClient();
        service.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);

        var read = await service.GetAsync(OfMaya);
        var assigned = await service.WriteAsync(HttpMethod.Post, OfMaya, """{"title":"x"}""", NewKey());

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        await assigned.AssertProblemAsync(HttpStatusCode.Forbidden, "homework.assign_forbidden");
    }
}
