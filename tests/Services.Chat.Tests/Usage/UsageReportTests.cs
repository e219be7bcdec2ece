using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Usage;
using AiPlatform.Services.Chat.Usage.Records;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class UsageReportTests : IAsyncLifetime
{
    private const string Days = "from=2026-11-01&to=2026-11-03";

    private static readonly Guid Nora = new("0a000000-0000-7000-8000-000000000101");
    private static readonly Guid Omar = new("0a000000-0000-7000-8000-000000000102");
    private static readonly Guid Key = new("0a000000-0000-7000-8000-000000000201");

    private readonly TestToken _owner = new() { Role = UserRole.Owner };
    private ChatHost? _host;

    private ChatHost Host => _host!;

    public async Task InitializeAsync()
    {
        _host = await ChatHost.StartAsync(Scripts.Echo, time: UsageRig.NewClock());
        var practice = _owner.PracticeId;
        await Host.Services.GetRequiredService<IUsageStore>().AddAsync(
            [
                Call("r1", practice, Nora, "2026-11-01T00:00:00Z", "gpt-4o", 0.5m, persona: "web_assistant"),
                Call("r2", practice, Nora, "2026-11-02T23:59:59.999999Z", "gpt-4o", 0.25m) with { KeyId = Key, Outcome = "aborted", IsEstimated = true },
                Call("r3", practice, Omar, "2026-11-02T12:00:00Z", "claude", 0.000000001m),
                Call("r4", practice, Omar, "2026-11-03T23:59:59Z", "claude", 0) with { Outcome = "cached" },

                // Before, after, and another practice's.
                Call("r5", practice, Nora, "2026-10-31T23:59:59.999999Z", "gpt-4o", 8m),
                Call("r6", practice, Nora, "2026-11-04T00:00:00Z", "gpt-4o", 8m),
                Call("r7", Guid.CreateVersion7(), Nora, "2026-11-02T12:00:00Z", "gpt-4o", 8m),
            ],
            CancellationToken.None);
    }

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    [Theory]
    [InlineData("day", "2026-11-01:0.5", "2026-11-02:0.250000001", "2026-11-03:0")]
    [InlineData("user", "0a000000-0000-7000-8000-000000000101:0.75", "0a000000-0000-7000-8000-000000000102:0.000000001")]
    [InlineData("model", "claude:0.000000001", "gpt-4o:0.75")]
    [InlineData("persona", "-:0.250000001", "web_assistant:0.5")]
    [InlineData("key", "-:0.500000001", "0a000000-0000-7000-8000-000000000201:0.25")]
    public async Task Report_ByEachGrouping_SumsTheDaysOfThePracticeOnly(string by, params string[] groups)
    {
        using var client = Host.CreateClient(_owner);

        var report = await client.GetFromJsonAsync<JsonElement>($"/api/v1/usage?{Days}&by={by}");

        Assert.Equal(groups, GroupsOf(report));
        Assert.Equal(
            """{"calls":4,"failed":1,"cached":1,"estimated":1,"inputTokens":40,"cachedInputTokens":8,"outputTokens":20,"reasoningTokens":4,"costUsd":0.750000001}""",
            report.GetProperty("total").GetRawText());
        Assert.Equal(
            ("practice", "2026-11-01", "2026-11-03", by, JsonValueKind.Null),
            (Text(report, "scope"), Text(report, "from"), Text(report, "to"), Text(report, "by"), report.GetProperty("nextCursor").ValueKind));
    }

    [Fact]
    public async Task Report_InPages_HasEachGroupOnce()
    {
        using var client = Host.CreateClient(_owner);
        var (seen, cursor) = (new List<string>(), "");

        for (var pages = 0; pages < 3; pages++)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/usage?{Days}&by=day&limit=1{cursor}");
            seen.AddRange(GroupsOf(page));
            cursor = $"&cursor={page.GetProperty("nextCursor")}";
        }

        Assert.Equal(["2026-11-01:0.5", "2026-11-02:0.250000001", "2026-11-03:0"], seen);
        Assert.Equal("&cursor=", cursor);
    }

    [Fact]
    public async Task List_InPages_HasEachCallOnceNewestFirst()
    {
        using var client = Host.CreateClient(_owner);
        var (seen, cursor) = (new List<string>(), "");

        for (var pages = 0; pages < 2; pages++)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/usage/calls?{Days}&limit=2{cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "requestId")));
            cursor = $"&cursor={page.GetProperty("nextCursor")}";
        }

        Assert.Equal(["r4", "r2", "r3", "r1"], seen);
        Assert.Equal("&cursor=", cursor);
    }

    [Fact]
    public async Task List_OfOneUser_TellsAllOfACall()
    {
        using var client = Host.CreateClient(_owner);

        var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/usage/calls?from=2026-11-01&to=2026-11-01&userId={Nora}");

        Assert.Equal(
            """{"requestId":"r1","startedAt":"2026-11-01T00:00:00+00:00","userId":"0a000000-0000-7000-8000-000000000101","persona":"web_assistant","keyId":null,"runId":null,"model":"gpt-4o","provider":"openai","endpoint":"east","kind":"chat","outcome":"complete","errorCode":null,"inputTokens":10,"cachedInputTokens":2,"outputTokens":5,"reasoningTokens":1,"isEstimated":false,"costUsd":0.5,"durationMs":12}""",
            page.GetProperty("items")[0].GetRawText());
    }

    [Theory]
    [InlineData(UserRole.Practitioner)]
    [InlineData(UserRole.Reception)]
    public async Task Report_WhoWorksThere_SeesTheirOwnOnly(UserRole role)
    {
        using var client = Host.CreateClient(_owner with { Role = role, UserId = Omar });

        var own = await client.GetFromJsonAsync<JsonElement>($"/api/v1/usage?{Days}&by=user");
        var calls = await client.GetFromJsonAsync<JsonElement>($"/api/v1/usage/calls?{Days}");
        using var others = await client.GetAsync($"/api/v1/usage?{Days}&by=user&userId={Nora}");

        Assert.Equal("own", Text(own, "scope"));
        Assert.Equal(["0a000000-0000-7000-8000-000000000102:0.000000001"], GroupsOf(own));
        Assert.Equal(["r4", "r3"], calls.GetProperty("items").EnumerateArray().Select(item => Text(item, "requestId")));
        Assert.Equal((HttpStatusCode.Forbidden, "usage.forbidden"), (others.StatusCode, await CodeAsync(others)));
    }

    [Fact]
    public async Task Report_Client_IsForbidden()
    {
        using var client = Host.CreateClient(_owner with { Role = UserRole.Client });

        using var response = await client.GetAsync("/api/v1/usage");

        Assert.Equal((HttpStatusCode.Forbidden, "usage.forbidden"), (response.StatusCode, await CodeAsync(response)));
    }

    [Fact]
    public async Task Report_NoDays_IsOfTheLastThirty()
    {
        using var client = Host.CreateClient(_owner);

        var report = await client.GetFromJsonAsync<JsonElement>("/api/v1/usage");

        Assert.Equal(("2026-10-17", "2026-11-15"), (Text(report, "from"), Text(report, "to")));
    }

    [Theory]
    [InlineData("from=2026-11-02&to=2026-11-01", "date_range.invalid")]
    [InlineData("from=2025-11-01&to=2026-11-02", "date_range.invalid")]
    [InlineData("to=9999-12-31", "date_range.invalid")]
    [InlineData("from=0001-01-01&to=2026-11-01", "date_range.invalid")]
    [InlineData("from=yesterday", null)]
    [InlineData("by=moon", null)]
    [InlineData("limit=0", null)]
    [InlineData("limit=501", null)]
    [InlineData("userId=nora", null)]
    [InlineData("cursor=%C3%BC", "cursor.invalid")]
    [InlineData("cursor=_w", "cursor.invalid")]
    public async Task Report_BadQuestion_Is400(string query, string? code)
    {
        using var client = Host.CreateClient(_owner);

        using var response = await client.GetAsync($"/api/v1/usage?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(code is null || await CodeAsync(response) == code);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("MTIz")]
    [InlineData("OTk5OTk5OTk5OTk5OTk5OTk5OSBhYmM")]
    public async Task List_CursorOfNoList_Is400(string cursor)
    {
        using var client = Host.CreateClient(_owner);

        using var response = await client.GetAsync($"/api/v1/usage/calls?cursor={cursor}");

        Assert.Equal((HttpStatusCode.BadRequest, "cursor.invalid"), (response.StatusCode, await CodeAsync(response)));
    }

    [Fact]
    public async Task Report_StatementsOfOneRequest_AreTwoHoweverManyRows()
    {
        using var client = Host.CreateClient(_owner);

        var (statements, response) = await SqlStatements.OfAsync(client, $"/api/v1/usage?{Days}&by=user");

        using (response)
        {
            Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, statements.Count));
        }
    }

    private static SettledCall Call(string requestId, Guid practice, Guid user, string startedAt, string model, decimal cost, string? persona = null) => new(
        requestId, practice, user, persona, null, null, model, "openai", "east", "chat", false, "complete", null,
        10, 2, 5, 1, false, cost, DateTimeOffset.Parse(startedAt, System.Globalization.CultureInfo.InvariantCulture), 12, 3, 1);

    private static string[] GroupsOf(JsonElement report) =>
        [.. report.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("key").GetString() ?? "-"}:{item.GetProperty("sums").GetProperty("costUsd").GetRawText()}")];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
