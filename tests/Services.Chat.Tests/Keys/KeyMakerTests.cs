using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Tests.Services;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Services.Chat.Tests.Keys;

/// <summary>A key ends with its maker's place in the practice.</summary>
public sealed class KeyMakerTests : IAsyncLifetime
{
    private readonly TestToken _leaver = new() { Role = UserRole.Owner };
    private NeighbourServer? _api;
    private ChatHost? _host;
    private volatile string _active = "";

    private TestToken Stayer => _leaver with { UserId = new("0a000000-0000-7000-8000-000000000105"), Role = UserRole.Admin };

    private KeyHost Keys => new(_host!, new ShiftedTime());

    public async Task InitializeAsync()
    {
        _active = $$"""{"userId":"{{_leaver.UserId}}","role":"owner"},{"userId":"{{Stayer.UserId}}","role":"admin"}""";
        _api = (await NeighbourServer.StartAsync())
            .On("POST /connect/token", """{"access_token":"the-services-own"}""")
            .On("POST /api/v1/audit/events", """{"recorded":1,"repeated":0}""")
            .On("GET /api/v1/users/active", AnswerAsync);
        _host = await ChatHost.StartAsync(
            Scripts.Echo, new() { ["services:api:http:0"] = _api.Url, ["Keys:MakerSeconds"] = "0.05", ["Audit:PollSeconds"] = "0.05" });
    }

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _api!.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("practitioner")]
    public async Task Maker_LeadsNoLonger_TakesTheirKeysWithThemAndNobodyElses(string? role)
    {
        var (gone, stays) = (await Keys.CreateAsync(new { name = "gone" }, _leaver), await Keys.CreateAsync(new { name = "stays" }, Stayer));
        using var orphan = Keys.Program(gone.Secret);
        using var other = Keys.Program(stays.Secret);
        await IsAskedAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await KeyHost.AskAsync(orphan)).StatusCode, (await KeyHost.AskAsync(other)).StatusCode));

        _active = $$"""{"userId":"{{Stayer.UserId}}","role":"admin"}""" + (role is null ? "" : $$""",{"userId":"{{_leaver.UserId}}","role":"{{role}}"}""");

        await Eventually.BecomesTrueAsync(async () => (await KeyHost.AskAsync(orphan)).StatusCode == HttpStatusCode.Unauthorized, "the key of who is gone is dead");
        await IsAskedAsync();
        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(other)).StatusCode);
        await Eventually.BecomesTrueAsync(() => Revocations().Count > 0, "the audit hears of it");
        Assert.Equal([($"{gone.Id}", false, "service")], Revocations());
    }

    [Fact]
    public async Task Api_DoesNotAnswer_LeavesKeysAsTheyAre()
    {
        var key = await Keys.CreateAsync(new { name = "a" }, _leaver);
        using var program = Keys.Program(key.Secret);

        _active = "away";
        await IsAskedAsync();

        Assert.Equal(HttpStatusCode.OK, (await KeyHost.AskAsync(program)).StatusCode);
    }

    // Twice, so that the first answer has been acted on.
    private async Task IsAskedAsync()
    {
        var before = Asked();
        await Eventually.BecomesTrueAsync(() => Asked() >= before + 3, "the Api is asked");
    }

    private int Asked() => _api!.Requests.Count(request => request.Target.StartsWith("/api/v1/users/active", StringComparison.Ordinal));

    private IReadOnlyList<(string? Key, bool HasUser, string? Role)> Revocations() =>
    [
        .. _api!.Requests.Where(request => request.Target == "/api/v1/audit/events")
            .SelectMany(request => JsonElement.Parse(request.Body).GetProperty("events").EnumerateArray())
            .Where(audited => audited.GetProperty("action").GetString() == "key.revoked")
            .DistinctBy(audited => audited.GetProperty("eventId").GetGuid())
            .Select(audited => (audited.GetProperty("recordId").GetString(), audited.TryGetProperty("userId", out _), audited.GetProperty("role").GetString())),
    ];

    private Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = _active == "away" ? 500 : 200;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"items":[{{(_active == "away" ? "" : _active)}}]}""");
    }
}
