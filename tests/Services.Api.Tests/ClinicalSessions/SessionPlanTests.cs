using System.Net;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;
using static AiPlatform.Services.Api.Tests.ClinicalSessions.SessionCalls;

namespace AiPlatform.Services.Api.Tests.ClinicalSessions;

public sealed class SessionPlanTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private static readonly Guid EdwinHale = new("0a000000-0000-7000-8000-000000000304");
    private static readonly Guid HenryTran = new("0a000000-0000-7000-8000-000000000314");
    private const string MayasSession = "0a000000-0000-7000-8000-000000040101";

    [Fact]
    public async Task Create_Planned_ReadsBackWithItsTag()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var response = await nora.CreateAsync(Body(EdwinHale, "\" First talk \"", "\"2027-01-11T10:00:00+01:00\"", status: "\"planned\""));

        var created = await response.ReadAsync(HttpStatusCode.Created);
        var id = created.GetProperty("sessionId").GetString();
        Assert.Equal(
            $$"""
            {"sessionId":"{{id}}","clientId":"{{EdwinHale}}","clientName":"Edwin Hale","practitionerId":"0a000000-0000-7000-8000-000000000101",
             "practitionerName":"Nora Berg","title":"First talk","startedAt":"2027-01-11T09:00:00+00:00","durationSeconds":3000,"totalSegments":0,
             "averageConfidence":null,"hasTranscript":false,"status":"planned","transcript":"none"}
            """,
            created.GetRawText(),
            SameJson.Comparer);
        var read = await nora.GetAsync($"{Sessions}/{id}");
        Assert.Equal(($"{Sessions}/{id}", "\"1\"", "\"1\""), (response.Headers.Location?.ToString(), response.Headers.ETag?.Tag, read.Headers.ETag?.Tag));
        Assert.Equal(created.GetRawText(), (await read.ReadAsync(HttpStatusCode.OK)).GetRawText());
    }

    [Fact]
    public async Task Create_SameKey_SameSessionAndAnotherBodyRefused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var first = await (await nora.CreateAsync(Body(EdwinHale), "plan-1")).ReadAsync(HttpStatusCode.Created);

        var again = await nora.CreateAsync(Body(EdwinHale), "plan-1");
        var other = await nora.CreateAsync(Body(EdwinHale, "\"Another talk\""), "plan-1");
        var unkeyed = await nora.WriteAsync(HttpMethod.Post, Sessions, Body(EdwinHale));

        Assert.Equal(first.GetRawText(), (await again.ReadAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        await other.AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
        await unkeyed.AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency.key_required");
    }

    [Fact]
    public async Task Create_ByReception_GoesToTheClientsPractitionerOrTheOneNamed()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);

        var own = await (await reception.CreateAsync(Body(HenryTran))).ReadAsync(HttpStatusCode.Created);
        var named = await (await reception.CreateAsync(Body(HenryTran, more: ",\"practitionerId\":\"0a000000-0000-7000-8000-000000000102\""))).ReadAsync(HttpStatusCode.Created);
        var stranger = await reception.CreateAsync(Body(HenryTran, more: ",\"practitionerId\":\"0b000000-0000-7000-8000-000000000101\""));

        Assert.Equal(("Priya Raman", "Daniel Osei"), (own.GetProperty("practitionerName").GetString(), named.GetProperty("practitionerName").GetString()));
        await stranger.AssertFaultAsync("session.invalid", ("practitionerId", "session.practitioner_unknown"));
    }

    [Theory]
    [InlineData(SamplePerson.Daniel)]
    [InlineData(SamplePerson.Helen)]
    [InlineData(SamplePerson.OwnerB)]
    public async Task CreateAndChange_OfAClientOutOfSight_NotFound(SamplePerson person)
    {
        var caller = await factory.CreateClientAsync(person);

        await (await caller.CreateAsync(Body(ApiFactory.MayaLindqvist))).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        await (await caller.ChangeAsync(MayasSession, Body())).AssertProblemAsync(HttpStatusCode.NotFound, "session.not_found");
        await (await caller.GetAsync($"{Sessions}/{MayasSession}")).AssertProblemAsync(HttpStatusCode.NotFound, "session.not_found");
    }

    [Fact]
    public async Task CreateAndChange_ByAClient_ForbiddenBeforeTheBodyIsRead()
    {
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);

        await (await maya.CreateAsync("{")).AssertProblemAsync(HttpStatusCode.Forbidden, "session.write_forbidden");
        await (await maya.ChangeAsync(MayasSession, "{")).AssertProblemAsync(HttpStatusCode.Forbidden, "session.write_forbidden");
    }

    [Theory]
    [InlineData("title", "\"\"", "text.required")]
    [InlineData("title", "\"a\\u0000b\"", "text.control_character")]
    [InlineData("title", "long", "text.too_long")]
    [InlineData("startedAt", "null", "session.start_invalid")]
    [InlineData("startedAt", "\"1969-12-31T23:59:59Z\"", "session.start_invalid")]
    [InlineData("startedAt", "\"2999-01-01T00:00:00Z\"", "session.start_invalid")]
    [InlineData("durationSeconds", "-1", "number.out_of_range")]
    [InlineData("durationSeconds", "86401", "number.out_of_range")]
    [InlineData("durationSeconds", "null", "number.out_of_range")]
    [InlineData("status", "\"cancelled\"", "session.status_invalid")]
    [InlineData("status", "null", "session.status_invalid")]
    public async Task Create_MemberNotAsItShouldBe_NamedAndNothingIsStored(string field, string value, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var before = await nora.ReadSessionPagesAsync($"clientId={EdwinHale}&limit=100");
        value = value is "long" ? $"\"{new string('a', 201)}\"" : value;

        var refused = await nora.CreateAsync(Body(
            EdwinHale,
            field is "title" ? value : "\"A talk\"",
            field is "startedAt" ? value : "\"2026-11-20T10:00:00Z\"",
            field is "durationSeconds" ? value : "3000",
            field is "status" ? value : "\"held\""));

        await refused.AssertFaultAsync("session.invalid", (field, code));
        Assert.Equal(before, await nora.ReadSessionPagesAsync($"clientId={EdwinHale}&limit=100"));
    }

    [Theory]
    [InlineData(""" ,"practice":"mine" """, "request.member_invalid")]
    [InlineData(""" ,"title":"twice" """, "request.member_invalid")]
    [InlineData(""" ,"practitionerId":7 """, "request.member_invalid")]
    [InlineData(" ,", "request.malformed")]
    public async Task Create_BodyNotThatOfTheRoute_BadRequest(string more, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.CreateAsync(Body(EdwinHale, more: more))).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Change_HeldAfterPlanned_EveryMemberAndAnotherTag()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.CreateSessionAsync(EdwinHale, "before", "2026-11-27T10:00:00Z", "planned");

        var response = await nora.ChangeAsync(id, Body(title: "\"after\"", startedAt: "\"2026-11-27T10:15:00Z\"", durationSeconds: "1800"), "\"1\"");

        var changed = await response.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(
            ("after", "2026-11-27T10:15:00+00:00", 1800, "held", "\"2\""),
            (changed.GetProperty("title").GetString(), changed.GetProperty("startedAt").GetString(), changed.GetProperty("durationSeconds").GetInt32(),
                changed.GetProperty("status").GetString(), response.Headers.ETag?.Tag));
        Assert.Equal(changed.GetRawText(), (await nora.GetJsonAsync($"{Sessions}/{id}")).GetRawText());
    }

    [Fact]
    public async Task Change_WithoutOrWithAnOldTag_Refused()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.CreateSessionAsync(EdwinHale, "tagged", "2026-11-20T10:00:00Z");
        await (await nora.ChangeAsync(id, Body(title: "\"first\""), "\"1\"")).ReadAsync(HttpStatusCode.OK);

        await (await nora.ChangeAsync(id, Body(title: "\"second\""), "\"1\"")).AssertProblemAsync(HttpStatusCode.PreconditionFailed, "precondition.failed");
        await (await nora.ChangeAsync(id, Body(title: "\"second\""), null)).AssertProblemAsync(HttpStatusCode.PreconditionRequired, "precondition.required");
        await (await nora.ChangeAsync($"{Guid.CreateVersion7()}", Body())).AssertProblemAsync(HttpStatusCode.NotFound, "session.not_found");
        Assert.Equal("first", (await nora.GetJsonAsync($"{Sessions}/{id}")).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Change_ByManyFromOneTag_OneWins()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.CreateSessionAsync(EdwinHale, "raced", "2026-11-20T10:00:00Z");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(index => nora.ChangeAsync(id, Body(title: $"\"{index}\""), "\"1\"")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode is HttpStatusCode.PreconditionFailed));
    }

    [Theory]
    [InlineData("planned")]
    [InlineData("cancelled")]
    public async Task Change_StatusOfARecordedSession_Conflict(string status)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var refused = await nora.ChangeAsync(MayasSession, Body(status: $"\"{status}\""));

        await refused.AssertProblemAsync(HttpStatusCode.Conflict, "session.was_held");
        Assert.Equal("held", (await nora.GetJsonAsync($"{Sessions}/{MayasSession}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Change_Title_FoundByTheNewOneAndByItsTranscript()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.ImportSessionAsync(EdwinHale, "Ocelots", "client: I met a pangolin.");

        await (await nora.ChangeAsync(id, Body(title: "\"Wombats\"", startedAt: "\"2026-11-18T17:00:00Z\""))).ReadAsync(HttpStatusCode.OK);

        async Task<int> FindAsync(string word) => (await nora.GetJsonAsync($"{Sessions}/search?keywords={word}")).GetProperty("total").GetInt32();
        Assert.Equal((0, 1, 1), (await FindAsync("ocelots"), await FindAsync("wombats"), await FindAsync("pangolin")));
    }

    [Fact]
    public async Task Planned_IsInNoCountSearchOrSummaryBeforeItIsHeld()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var before = await nora.GetJsonAsync($"/api/v1/clients/{ApiFactory.MayaLindqvist}/summary");
        var id = await nora.CreateSessionAsync(ApiFactory.MayaLindqvist, "Next time", "2027-02-01T09:00:00Z", "planned");

        var summary = await nora.GetJsonAsync($"/api/v1/clients/{ApiFactory.MayaLindqvist}/summary");
        var client = await nora.GetJsonAsync($"/api/v1/clients/{ApiFactory.MayaLindqvist}");
        var search = await nora.GetJsonAsync($"{Sessions}/search?clientId={ApiFactory.MayaLindqvist}");
        var all = await nora.GetJsonAsync($"{Sessions}/search?clientId={ApiFactory.MayaLindqvist}&status=all");
        var planned = await nora.GetJsonAsync($"{Sessions}/search?clientId={ApiFactory.MayaLindqvist}&status=planned");

        Assert.Equal(before.GetRawText(), summary.GetRawText());
        Assert.Equal("2026-11-10T09:00:00+00:00", client.GetProperty("lastSessionAt").GetString());
        Assert.Equal((4, 5, 1), (search.GetProperty("total").GetInt32(), all.GetProperty("total").GetInt32(), planned.GetProperty("total").GetInt32()));
        Assert.Equal(id, all.GetProperty("items")[0].GetProperty("sessionId").GetString());
    }

    [Theory]
    [InlineData("planned", "planned", false)]
    [InlineData("cancelled", "cancelled", false)]
    [InlineData("held", "finished", true)]
    public async Task Encounter_OfASession_HasItsStatusAndALengthWhenItWasHeld(string status, string expected, bool hasLength)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.CreateSessionAsync(EdwinHale, "for FHIR", "2026-11-20T10:00:00Z");
        await (await nora.ChangeAsync(id, Body(status: $"\"{status}\""))).ReadAsync(HttpStatusCode.OK);

        var encounter = await nora.GetJsonAsync($"/fhir/Encounter/{id}");

        Assert.Equal((expected, hasLength), (encounter.GetProperty("status").GetString(), encounter.TryGetProperty("length", out _)));
    }

    [Fact]
    public async Task CreateAndChange_Audited_AndWithoutTheEventNothingIsStored()
    {
        await using var own = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        using var nora = await own.CreateClientAsync(SamplePerson.Nora);
        var id = await nora.CreateSessionAsync(EdwinHale, "audited", "2026-11-20T10:00:00Z");
        await (await nora.ChangeAsync(id, Body(title: "\"audited\""))).ReadAsync(HttpStatusCode.OK);
        await own.ExecuteAsync("rename table audit_events to audit_events_away");

        var refused = await nora.CreateAsync(Body(EdwinHale, "\"unheard of\""), "audited-1");
        var unchanged = await nora.ChangeAsync(id, Body(title: "\"unheard of\""));
        await own.ExecuteAsync("rename table audit_events_away to audit_events");

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (refused.StatusCode, unchanged.StatusCode));
        Assert.Equal(0, await own.ReadAsync<int>("select count(*) from clinical_sessions where title = 'unheard of'"));
        Assert.Equal(
            "session.created session.changed",
            await own.ReadAsync<string>(
                "select group_concat(action order by sequence_number separator ' ') from audit_events where record_id = @id and action <> 'session.transcript_read'",
                new { id }));
        await (await nora.CreateAsync(Body(EdwinHale, "\"unheard of\""), "audited-1")).ReadAsync(HttpStatusCode.Created);
    }
}
