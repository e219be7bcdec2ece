using System.Net;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Api.Tests.Audit;

public sealed class AuditRouteTests(ApiFactory factory) : IClassFixture<ApiFactory>
{
    private static readonly Guid UserOne = new("0d000000-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, 123, 456, TimeSpan.Zero);
    private readonly Guid _practiceId = Guid.CreateVersion7();

    [Fact]
    public async Task List_OneEvent_WithEverythingButContents()
    {
        var eventId = Guid.CreateVersion7();
        await StoreAsync(Entry(0) with { EventId = eventId });
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, _practiceId);

        var answer = await owner.GetJsonAsync("/api/v1/audit/events");

        var row = answer.GetProperty("items")[0];
        Assert.Equal(
            $$"""{"items":[{"sequenceNumber":1,"eventId":"{{eventId}}","occurredAt":"2026-11-20T12:00:00.123456+00:00","recordedAt":"{{row.GetProperty("recordedAt").GetString()}}","userId":"{{UserOne}}","role":"owner","action":"client.read","recordType":"client","recordId":"r0","outcome":"success","correlationId":"c0","recordedBy":null,"hash":"{{row.GetProperty("hash").GetString()}}"}]}""",
            answer.GetRawText().Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "r3 r2 r1 r0")]
    [InlineData("user=0d000000-0000-7000-8000-000000000001", "r3 r2 r0")]
    [InlineData("action=client.read", "r2 r1 r0")]
    [InlineData("recordType=session", "r3")]
    [InlineData("recordType=client&recordId=r1", "r1")]
    [InlineData("outcome=refused", "r2")]
    [InlineData("from=2026-11-20T12:02:00.123456Z", "r3 r2")]
    [InlineData("to=2026-11-20T12:02:00.123456Z", "r2 r1 r0")]
    [InlineData("from=2026-11-20&to=2026-11-20", "r3 r2 r1 r0")]
    [InlineData("from=2026-11-21", "")]
    [InlineData("to=2026-11-19", "")]
    [InlineData("action=client.READ", "")]
    [InlineData("recordId=%27%20or%201=1%20--", "")]
    public async Task List_Filtered_NewestFirst(string query, string expected)
    {
        await StoreAsync(
            Entry(0), Entry(1) with { UserId = null }, Entry(2) with { Outcome = AuditOutcomes.Refused }, Entry(3) with { Action = "session.imported", RecordType = "session" });
        using var admin = await factory.CreateCallerAsync(UserRole.Admin, _practiceId);

        var answer = await admin.GetJsonAsync($"/api/v1/audit/events?{query}");

        Assert.Equal(expected, string.Join(' ', answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("recordId").GetString())));
    }

    [Fact]
    public async Task List_PageByPage_EveryEventOnceAlsoOfOneMoment()
    {
        await StoreAsync([.. Enumerable.Range(0, 7).Select(index => Entry(index) with { OccurredAt = Noon.AddMinutes(index / 3) })]);
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, _practiceId);
        var found = new List<string>();
        string? cursor = null;

        do
        {
            var page = await owner.GetJsonAsync($"/api/v1/audit/events?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("recordId").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(["r6", "r5", "r4", "r3", "r2", "r1", "r0"], found);
    }

    [Theory]
    [InlineData("from=yesterday", "audit.date_invalid")]
    [InlineData("to=", "audit.date_invalid")]
    [InlineData("cursor=x", "cursor.invalid")]
    [InlineData("cursor=OTk5OTk5OTk5OTk5OTk5OTk5OS4x", "cursor.invalid")]
    [InlineData("limit=0", "request.invalid")]
    [InlineData("limit=501", "request.invalid")]
    [InlineData("outcome=perhaps", "request.invalid")]
    [InlineData("user=nora", "request.malformed")]
    [InlineData("action=%F0%9F%99%82", "request.invalid")]
    [InlineData("recordType=caf%C3%A9", "request.invalid")]
    [InlineData("recordId=a%00b", "request.invalid")]
    public async Task List_BadParameter_BadRequest(string query, string code)
    {
        using var owner = await factory.CreateCallerAsync(UserRole.Owner, _practiceId);

        await (await owner.GetAsync($"/api/v1/audit/events?{query}")).AssertProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Record_Repeated_IsThereOnce()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId, UserOne);
        var events = new[] { Event(), Event(), Event() };

        var first = await (await RecordAsync(service, events[..2])).ReadAsync(HttpStatusCode.OK);
        var second = await (await RecordAsync(service, events)).ReadAsync(HttpStatusCode.OK);

        Assert.Equal(
            ("""{"recorded":2,"repeated":0}""", """{"recorded":1,"repeated":2}""", 3, $"{UserOne}"),
            (first.GetRawText(), second.GetRawText(), await CountAsync(), await factory.ReadAsync<string>(
                "select max(recorded_by) from audit_events where practice_id = @_practiceId", new { _practiceId })));
    }

    [Fact]
    public async Task Record_SameBatchManyTimesAtOnce_IsThereOnce()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId);
        var events = Enumerable.Range(0, 500).Select(_ => Event()).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => await (await RecordAsync(service, events)).ReadAsync(HttpStatusCode.OK)));

        Assert.Equal((500, 500), (answers.Sum(answer => answer.GetProperty("recorded").GetInt32()), await CountAsync()));
    }

    [Fact]
    public async Task Record_KnownIdForAnotherEvent_ConflictAndNothingRecorded()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId);
        var known = Event();
        await (await RecordAsync(service, known)).ReadAsync(HttpStatusCode.OK);

        var response = await RecordAsync(service, Event(), known.With("outcome", "failed"));

        var problem = await response.ReadAsync(HttpStatusCode.Conflict);
        Assert.Equal(
            ("idempotency.key_reused", "events[1].eventId", 1),
            (problem.GetProperty("code").GetString(), problem.GetProperty("errors")[0].GetProperty("field").GetString(), await CountAsync()));
    }

    [Fact]
    public async Task Record_SameIdInAnotherPractice_IsAnEventOfItsOwn()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId);
        using var other = await factory.CreateCallerAsync(UserRole.Service, Guid.CreateVersion7());
        var shared = Event();

        var first = await (await RecordAsync(service, shared)).ReadAsync(HttpStatusCode.OK);
        var second = await (await RecordAsync(other, shared.With("outcome", "failed"))).ReadAsync(HttpStatusCode.OK);

        Assert.Equal(("""{"recorded":1,"repeated":0}""", first.GetRawText()), (first.GetRawText(), second.GetRawText()));
    }

    [Theory]
    [InlineData("eventId", null, "audit.event_id_invalid")]
    [InlineData("eventId", "00000000-0000-0000-0000-000000000000", "audit.event_id_invalid")]
    [InlineData("eventId", "x", "request.member_invalid")]
    [InlineData("occurredAt", null, "audit.time_invalid")]
    [InlineData("occurredAt", "2026-01-01T00:00:00Z", "audit.time_invalid")]
    [InlineData("occurredAt", "2999-01-01T00:00:00Z", "audit.time_invalid")]
    [InlineData("occurredAt", "11/20/2026", "request.member_invalid")]
    [InlineData("role", "root", "audit.role_invalid")]
    [InlineData("action", "Said: I cannot sleep", "audit.word_invalid")]
    [InlineData("action", "a'; drop table audit_events; --", "audit.word_invalid")]
    [InlineData("action", "tool.refused\n", "audit.word_invalid")]
    [InlineData("recordType", "<b>", "audit.word_invalid")]
    [InlineData("recordId", "two words", "audit.word_invalid")]
    [InlineData("recordId", "12345678901234567890123456789012345678901234567890123456789012345", "audit.word_invalid")]
    [InlineData("outcome", "perhaps", "audit.outcome_invalid")]
    [InlineData("correlationId", "", "audit.word_invalid")]
    [InlineData("contents", "I cannot sleep", "request.member_invalid")]
    public async Task Record_BadEvent_BadRequestWithItsFieldAndNothingRecorded(string field, string? value, string code)
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId);

        var response = await RecordAsync(service, Event(), Event().With(field, value));

        var error = (await response.ReadAsync(HttpStatusCode.BadRequest)).GetProperty("errors")[0];
        Assert.Equal(($"events[1].{field}", code, 0), (error.GetProperty("field").GetString(), error.GetProperty("code").GetString(), await CountAsync()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task Record_NoneOrTooMany_BadRequest(int count)
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId);

        await (await RecordAsync(service, [.. Enumerable.Range(0, count).Select(_ => Event())])).AssertProblemAsync(HttpStatusCode.BadRequest, "audit.events_invalid");
    }

    [Fact]
    public async Task Record_OversizedBody_TooLarge()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId);

        await (await RecordAsync(service, Event().With("recordId", new('x', 300_000)))).AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "request.too_large");
    }

    [Fact]
    public async Task Record_EventsOfTheLongestWords_StillFit()
    {
        using var service = await factory.CreateCallerAsync(UserRole.Service, _practiceId);
        var word = new string('x', 64);
        var events = Enumerable.Range(0, 500)
            .Select(_ => Event().With("action", word).With("recordType", word).With("recordId", word).With("correlationId", word)).ToArray();

        Assert.Equal("""{"recorded":500,"repeated":0}""", (await (await RecordAsync(service, events)).ReadAsync(HttpStatusCode.OK)).GetRawText());
    }

    private static AuditEntry Entry(int index) => new(
        Guid.CreateVersion7(), Noon.AddMinutes(index), UserOne, "owner", "client.read", "client", $"r{index}", AuditOutcomes.Success, $"c{index}");

    private static Dictionary<string, string?> Event() => new()
    {
        ["eventId"] = $"{Guid.CreateVersion7()}",
        ["occurredAt"] = $"{DateTimeOffset.UtcNow:O}",
        ["userId"] = $"{UserOne}",
        ["role"] = "practitioner",
        ["action"] = "tool.refused",
        ["recordType"] = "tool",
        ["recordId"] = "search_clients",
        ["outcome"] = "refused",
        ["correlationId"] = "c",
    };

    private static Task<HttpResponseMessage> RecordAsync(HttpClient client, params Dictionary<string, string?>[] events) =>
        client.PostAsync("/api/v1/audit/events", new StringContent(JsonSerializer.Serialize(new { events }), Encoding.UTF8, "application/json"));

    private Task<AuditAppended> StoreAsync(params AuditEntry[] entries) =>
        factory.Services.GetRequiredService<IAuditStore>().AppendAsync(_practiceId, entries, CancellationToken.None);

    private Task<int> CountAsync() => factory.ReadAsync<int>("select count(*) from audit_events where practice_id = @_practiceId", new { _practiceId });
}

internal static class EventFields
{
    public static Dictionary<string, string?> With(this Dictionary<string, string?> fields, string name, string? value) => new(fields) { [name] = value };
}
