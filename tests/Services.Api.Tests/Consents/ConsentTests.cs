using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Tests.Audit;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Consents;

public sealed class ConsentTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private const string Mine = "/api/v1/me/consents";
    private const string NoraUser = "0a000000-0000-7000-8000-000000000201";
    private const string MayaUser = "0a000000-0000-7000-8000-000000000206";
    private static readonly Guid MayaCastellanos = new("0a000000-0000-7000-8000-000000000303");
    private static readonly Guid EdwinHale = new("0a000000-0000-7000-8000-000000000304");
    private static readonly Guid RuthAbernethy = new("0a000000-0000-7000-8000-000000000305");

    [Fact]
    public async Task List_OfASampleClient_GivenOnTheirFirstDay()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var consents = await nora.GetJsonAsync(Of(ApiFactory.TomOkafor));

        var entry = Assert.Single(consents.GetProperty("items").EnumerateArray());
        Assert.Equal(
            ($"{ApiFactory.TomOkafor}", "given", "recording", "given"),
            (consents.GetProperty("clientId").GetString(), consents.GetProperty("recording").GetString(), entry.GetProperty("kind").GetString(),
                entry.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Record_WithdrawnAndGivenAgain_IsHistoryNewestFirst()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var withdrawn = await (await RecordAsync(nora, Of(MayaCastellanos), "withdrawn", "2026-11-20T08:00:00+01:00")).ReadAsync(HttpStatusCode.Created);
        var between = (await nora.GetJsonAsync(Of(MayaCastellanos))).GetProperty("recording").GetString();
        await (await RecordAsync(nora, Of(MayaCastellanos), "given", "2026-11-21T08:00:00Z")).ReadAsync(HttpStatusCode.Created);

        var consents = await nora.GetJsonAsync(Of(MayaCastellanos));
        Assert.Equal(
            ("withdrawn", "given", "given withdrawn given"),
            (between, consents.GetProperty("recording").GetString(),
                string.Join(' ', consents.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("status").GetString()))));
        Assert.Equal(
            ("recording", "withdrawn", "2026-11-20T07:00:00+00:00", NoraUser, "practitioner"),
            (withdrawn.GetProperty("kind").GetString(), withdrawn.GetProperty("status").GetString(), withdrawn.GetProperty("occurredAt").GetString(),
                withdrawn.GetProperty("recordedBy").GetString(), withdrawn.GetProperty("recordedByRole").GetString()));
        Assert.Equal(withdrawn.GetRawText(), consents.GetProperty("items")[1].GetRawText());
    }

    [Fact]
    public async Task Record_WhatWasSaidEarlier_IsHistoryAndChangesNothing()
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        await RecordAsync(nora, Of(EdwinHale), "withdrawn", "2026-11-20T08:00:00Z");

        await (await RecordAsync(nora, Of(EdwinHale), "given", "2026-11-19T08:00:00Z")).ReadAsync(HttpStatusCode.Created);

        var consents = await nora.GetJsonAsync(Of(EdwinHale));
        Assert.Equal("withdrawn", consents.GetProperty("recording").GetString());
        Assert.Equal(
            ["withdrawn", "given", "given"],
            consents.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("status").GetString()!));
    }

    [Fact]
    public async Task Record_SameKey_OneEntry()
    {
        var reception = await factory.CreateClientAsync(SamplePerson.ReceptionA);
        var first = await (await RecordAsync(reception, Of(RuthAbernethy), "given", key: "consent-1")).ReadAsync(HttpStatusCode.Created);

        var again = await RecordAsync(reception, Of(RuthAbernethy), "given", key: "consent-1");
        var other = await RecordAsync(reception, Of(RuthAbernethy), "withdrawn", key: "consent-1");
        var unkeyed = await reception.WriteAsync(HttpMethod.Post, Of(RuthAbernethy), """{"kind":"recording","status":"given"}""");

        Assert.Equal(first.GetRawText(), (await again.ReadAsync(HttpStatusCode.OK)).GetRawText());
        await other.AssertProblemAsync(HttpStatusCode.Conflict, "idempotency.key_reused");
        await unkeyed.AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency.key_required");
        Assert.Equal(2, (await reception.GetJsonAsync(Of(RuthAbernethy))).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Mine_ByTheClient_SeenWithdrawnAndGiven()
    {
        var maya = await factory.CreateClientAsync(SamplePerson.MayaLindqvist);
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);
        var before = await maya.GetJsonAsync(Mine);

        var withdrawn = await (await RecordAsync(maya, Mine, "withdrawn")).ReadAsync(HttpStatusCode.Created);
        var seen = (await nora.GetJsonAsync(Of(ApiFactory.MayaLindqvist))).GetProperty("recording").GetString();
        await (await RecordAsync(maya, Of(ApiFactory.MayaLindqvist), "given")).ReadAsync(HttpStatusCode.Created);

        Assert.Equal(
            ("given", "withdrawn", "given", MayaUser, "client"),
            (before.GetProperty("recording").GetString(), seen, (await maya.GetJsonAsync(Mine)).GetProperty("recording").GetString(),
                withdrawn.GetProperty("recordedBy").GetString(), withdrawn.GetProperty("recordedByRole").GetString()));
    }

    [Theory]
    [InlineData(SamplePerson.Nora)]
    [InlineData(SamplePerson.OwnerA)]
    [InlineData(SamplePerson.ReceptionA)]
    public async Task Mine_ByAnybodyElse_Forbidden(SamplePerson person)
    {
        var caller = await factory.CreateClientAsync(person);

        await (await caller.GetAsync(Mine)).AssertProblemAsync(HttpStatusCode.Forbidden, "consent.clients_only");
        await (await RecordAsync(caller, Mine, "given")).AssertProblemAsync(HttpStatusCode.Forbidden, "consent.clients_only");
    }

    [Theory]
    [InlineData(SamplePerson.Daniel)]
    [InlineData(SamplePerson.Helen)]
    [InlineData(SamplePerson.OwnerB)]
    [InlineData(SamplePerson.MayaLindqvist)]
    public async Task Any_OfAClientOutOfSight_NotFoundAndNothingRecorded(SamplePerson person)
    {
        var caller = await factory.CreateClientAsync(person);
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);

        await (await caller.GetAsync(Of(ApiFactory.TomOkafor))).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");
        await (await RecordAsync(caller, Of(ApiFactory.TomOkafor), "withdrawn")).AssertProblemAsync(HttpStatusCode.NotFound, "client.not_found");

        Assert.Equal("given", (await owner.GetJsonAsync(Of(ApiFactory.TomOkafor))).GetProperty("recording").GetString());
    }

    [Fact]
    public async Task Record_ByAService_Forbidden()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, ApiFactory.PracticeA);

        await (await RecordAsync(service, Of(ApiFactory.TomOkafor), "given")).AssertProblemAsync(HttpStatusCode.Forbidden, "consent.record_forbidden");
        Assert.Equal("given", (await service.GetJsonAsync(Of(ApiFactory.TomOkafor))).GetProperty("recording").GetString());
    }

    [Theory]
    [InlineData("""{"status":"given"}""", "kind", "consent.kind_invalid")]
    [InlineData("""{"kind":"research","status":"given"}""", "kind", "consent.kind_invalid")]
    [InlineData("""{"kind":"recording"}""", "status", "consent.status_invalid")]
    [InlineData("""{"kind":"recording","status":"none"}""", "status", "consent.status_invalid")]
    [InlineData("""{"kind":"recording","status":"given","occurredAt":"2999-01-01T00:00:00Z"}""", "occurredAt", "consent.time_invalid")]
    [InlineData("""{"kind":"recording","status":"given","occurredAt":"1969-12-31T23:59:59Z"}""", "occurredAt", "consent.time_invalid")]
    public async Task Record_MemberNotAsItShouldBe_NamesIt(string json, string field, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        var problem = await (await nora.WriteAsync(HttpMethod.Post, Of(ApiFactory.TomOkafor), json, NewKey())).ReadAsync(HttpStatusCode.BadRequest);

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            ("consent.invalid", field, code),
            (problem.GetProperty("code").GetString(), error.GetProperty("field").GetString(), error.GetProperty("code").GetString()));
        Assert.Single((await nora.GetJsonAsync(Of(ApiFactory.TomOkafor))).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"kind":"recording","status":"given","note":"<b>"}""", "request.member_invalid")]
    [InlineData("""{"kind":"recording","status":"given","occurredAt":"2026-11-20"}""", "request.member_invalid")]
    [InlineData("""{"kind":1,"status":"given"}""", "request.member_invalid")]
    [InlineData("{", "request.malformed")]
    public async Task Record_BodyNotThatOfTheRoute_BadRequest(string json, string code)
    {
        var nora = await factory.CreateClientAsync(SamplePerson.Nora);

        await (await nora.WriteAsync(HttpMethod.Post, Of(ApiFactory.TomOkafor), json, NewKey())).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task List_PageByPage_EachOnce()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var samir = new Guid("0a000000-0000-7000-8000-000000000306");
        for (var day = 1; day <= 4; day++)
        {
            await (await RecordAsync(owner, Of(samir), day % 2 == 0 ? "given" : "withdrawn", $"2026-11-0{day}T08:00:00Z")).ReadAsync(HttpStatusCode.Created);
        }

        var times = new List<string>();
        JsonElement page = await owner.GetJsonAsync($"{Of(samir)}?limit=2");
        times.AddRange(TimesOf(page));
        while (page.TryGetProperty("nextCursor", out var next))
        {
            page = await owner.GetJsonAsync($"{Of(samir)}?limit=2&cursor={next.GetString()}");
            times.AddRange(TimesOf(page));
        }

        Assert.Equal(5, times.Count);
        Assert.Equal(times.OrderDescending(StringComparer.Ordinal), times);
        await (await owner.GetAsync($"{Of(samir)}?cursor=x")).AssertProblemAsync(HttpStatusCode.BadRequest, "cursor.invalid");
        await (await owner.GetAsync($"{Of(samir)}?limit=101")).AssertProblemAsync(HttpStatusCode.BadRequest, "request.invalid");

        static IEnumerable<string> TimesOf(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("occurredAt").GetString()!);
    }

    [Fact]
    public async Task List_OfMany_TakesTheStatementsOfOne()
    {
        var owner = await factory.CreateClientAsync(SamplePerson.OwnerA);
        var agnes = new Guid("0a000000-0000-7000-8000-000000000310");
        await (await RecordAsync(owner, Of(agnes), "withdrawn")).ReadAsync(HttpStatusCode.Created);
        await (await RecordAsync(owner, Of(agnes), "given")).ReadAsync(HttpStatusCode.Created);

        var (one, _) = await SqlStatements.OfAsync(owner, $"{Of(agnes)}?limit=1");
        var (many, _) = await SqlStatements.OfAsync(owner, $"{Of(agnes)}?limit=3");

        Assert.Equal(["select clients", "select consent_entries", "select consents"], one);
        Assert.Equal(one, many);
    }

    [Fact]
    public async Task RecordAndList_Audited_AndWithoutTheEventNothingIsStored()
    {
        await using var own = ApiFactory.On(await (await DataServers.StartAsync()).CreateDatabaseAsync("practice"));
        using var nora = await own.CreateClientAsync(SamplePerson.Nora);
        await (await RecordAsync(nora, Of(ApiFactory.TomOkafor), "withdrawn")).ReadAsync(HttpStatusCode.Created);
        await nora.GetJsonAsync(Of(ApiFactory.TomOkafor));
        await nora.GetAsync(Of(RuthAbernethy));
        await Eventually.BecomesTrueAsync(
            async () => await own.ReadAsync<int>("select count(*) from audit_events where action = 'consent.read'") == 2, "the reads are in the chain");
        await own.ExecuteAsync("rename table audit_events to audit_events_away");

        var refused = await RecordAsync(nora, Of(ApiFactory.TomOkafor), "given", key: "audited-1");
        await own.ExecuteAsync("rename table audit_events_away to audit_events");

        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal("withdrawn", (await nora.GetJsonAsync(Of(ApiFactory.TomOkafor))).GetProperty("recording").GetString());
        Assert.Equal(
            $"consent.withdrawn consent success,consent.read client success,consent.read client refused",
            await own.ReadAsync<string>(
                """
                select group_concat(concat(action, ' ', record_type, ' ', outcome) order by sequence_number)
                from audit_events where action like 'consent.%' and sequence_number <=
                    (select max(sequence_number) from audit_events where outcome = 'refused')
                """));
    }

    private static string Of(Guid clientId) => $"/api/v1/clients/{clientId}/consents";

    private static string NewKey() => Guid.CreateVersion7().ToString();

    private static Task<HttpResponseMessage> RecordAsync(HttpClient client, string path, string status, string? occurredAt = null, string? key = null) =>
        client.WriteAsync(
            HttpMethod.Post,
            path,
            $$"""{"kind":"recording","status":"{{status}}"{{(occurredAt is null ? "" : $",\"occurredAt\":\"{occurredAt}\"")}}}""",
            key ?? NewKey());
}
