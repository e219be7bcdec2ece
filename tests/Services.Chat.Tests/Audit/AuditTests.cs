using System.Net;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Tests.Keys;
using AiPlatform.Services.Chat.Tests.Services;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Audit;

/// <summary>Whoever makes, changes or ends a key or a budget is in the practice's audit, once, whatever the Api does meanwhile.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Grant = "POST /connect/token";
    private const string Granted = """{"access_token":"the-services-own","token_type":"Bearer","expires_in":300}""";
    private const string Take = "POST /api/v1/audit/events";
    private const string Taken = """{"recorded":1,"repeated":0}""";

    private readonly TestToken _owner = new() { Role = UserRole.Owner };
    private NeighbourServer? _api;
    private ChatHost? _host;

    private NeighbourServer Api => _api!;

    private ChatHost Host => _host!;

    private KeyHost Keys => new(Host, new ShiftedTime());

    public async Task InitializeAsync()
    {
        _api = await NeighbourServer.StartAsync();
        _host = await ChatHost.StartAsync(settings: new() { ["services:api:http:0"] = Api.Url, ["Audit:PollSeconds"] = "0.05", ["Auth:ClientSecret"] = "of-the-chat" });
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Api.DisposeAsync();
    }

    [Fact]
    public async Task Keys_FromBeginningToEnd_AreInTheAuditOnceEach()
    {
        Api.On(Grant, Granted).On(Take, Taken);
        using var owner = Host.CreateClient(_owner);
        var idempotencyKey = $"{Guid.CreateVersion7()}";
        using var made = await KeyHost.SendAsync(owner, HttpMethod.Post, "/api/v1/keys", new { name = "a" }, idempotencyKey: idempotencyKey);
        using var madeAgain = await KeyHost.SendAsync(owner, HttpMethod.Post, "/api/v1/keys", new { name = "a" }, idempotencyKey: idempotencyKey);
        var path = made.Headers.Location!.OriginalString;

        using var changed = await KeyHost.SendAsync(owner, HttpMethod.Put, path, new { name = "b" }, "*");
        using var stale = await KeyHost.SendAsync(owner, HttpMethod.Put, path, new { name = "c" }, "\"1\"");
        using var rotated = await KeyHost.SendAsync(owner, HttpMethod.Post, $"{path}/rotate", new { }, "*");
        using var revoked = await KeyHost.SendAsync(owner, HttpMethod.Delete, path, body: null);
        using var revokedAgain = await KeyHost.SendAsync(owner, HttpMethod.Delete, path, body: null);

        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        var id = path["/api/v1/keys/".Length..];
        var who = (UserId: _owner.UserId, Role: "owner");
        Assert.Equal(
            [(who, "key.created", "virtual_key", id), (who, "key.changed", "virtual_key", id), (who, "key.rotated", "virtual_key", id), (who, "key.revoked", "virtual_key", id)],
            (await RecordedAsync()).Select(Told));
        Assert.All(Api.Requests.Where(request => request.Target == "/api/v1/audit/events"), request => Assert.Equal("Bearer the-services-own", request.Headers["Authorization"]));
        Assert.All(
            Api.Requests.Where(request => request.Target == "/connect/token"),
            request => Assert.Equal($"grant_type=client_credentials&client_id=chat&client_secret=of-the-chat&practice_id={_owner.PracticeId}", request.Body));
        Assert.DoesNotContain("sk-aip-", string.Concat(Api.Requests.Select(request => request.Body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budgets_SetAndTakenAway_AreInTheAudit()
    {
        Api.On(Grant, Granted).On(Take, Taken);
        using var owner = Host.CreateClient(_owner);
        var path = $"/api/v1/budgets/user/{_owner.UserId}/month";

        using var set = await KeyHost.SendAsync(owner, HttpMethod.Put, path, new { amountUsd = 5 });
        using var blind = await KeyHost.SendAsync(owner, HttpMethod.Put, path, new { amountUsd = 6 });
        using var removed = await KeyHost.SendAsync(owner, HttpMethod.Delete, path, body: null, set.Headers.ETag!.Tag);

        Assert.Equal((HttpStatusCode.PreconditionRequired, HttpStatusCode.NoContent), (blind.StatusCode, removed.StatusCode));
        var who = (_owner.UserId, "owner");
        var what = $"user:{_owner.UserId}:month";
        Assert.Equal([(who, "budget.set", "budget", what), (who, "budget.removed", "budget", what)], (await RecordedAsync()).Select(Told));
    }

    [Theory]
    [InlineData(Grant, 503)]
    [InlineData(Grant, 401)]
    [InlineData(Take, 503)]
    [InlineData(Take, 401)]
    [InlineData(Take, 500)]
    public async Task Event_ApiDoesNotTakeItNow_WaitsUntilItDoes(string route, int status)
    {
        var (answers, works) = (0, false);
        Api.On(route, context =>
        {
            Interlocked.Increment(ref answers);
            context.Response.StatusCode = Volatile.Read(ref works) ? 200 : status;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(route == Take ? Taken : Granted);
        });
        Api.On(route == Take ? Grant : Take, route == Take ? Granted : Taken);

        await Keys.CreateAsync(new { name = "a" }, _owner);
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref answers) > 1, "it was sent more than once");
        Assert.Equal(1, await WaitingAsync());
        Volatile.Write(ref works, true);

        Assert.Equal(["key.created"], (await RecordedAsync()).Select(audited => audited.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task Event_ApiRefusesAsSuch_IsPutAsideAndHoldsUpNoOther()
    {
        Api.On(Grant, Granted).On(Take, context =>
        {
            var refuses = Api.Requests[^1].Body.Contains("key.changed", StringComparison.Ordinal);
            context.Response.StatusCode = refuses ? 400 : 200;
            context.Response.ContentType = refuses ? "application/problem+json" : "application/json";
            return context.Response.WriteAsync(refuses ? """{"code":"audit.events_invalid","detail":"Not so."}""" : Taken);
        });
        var key = await Keys.CreateAsync(new { name = "a" }, _owner);
        using var owner = Host.CreateClient(_owner);
        using var changed = await KeyHost.SendAsync(owner, HttpMethod.Put, $"/api/v1/keys/{key.Id}", new { name = "b" }, key.Tag);

        using var revoked = await KeyHost.SendAsync(owner, HttpMethod.Delete, $"/api/v1/keys/{key.Id}", body: null);

        await Eventually.BecomesTrueAsync(async () => await WaitingAsync() == 0, "nothing waits any more");
        Assert.Equal(["key.changed"], await QueryAsync<string>("select action from audit_outbox where refused_at is not null"));
    }

    // Everything that was sent and taken, in the order in which it was done; what was sent twice is one.
    private async Task<IReadOnlyList<JsonElement>> RecordedAsync()
    {
        await Eventually.BecomesTrueAsync(async () => await WaitingAsync() == 0, "nothing waits any more");
        return [.. Api.Requests.Where(request => request.Target == "/api/v1/audit/events")
            .SelectMany(request => JsonElement.Parse(request.Body).GetProperty("events").EnumerateArray())
            .DistinctBy(audited => audited.GetProperty("eventId").GetGuid())
            .OrderBy(audited => audited.GetProperty("occurredAt").GetDateTimeOffset())];
    }

    private static ((Guid, string?), string?, string?, string?) Told(JsonElement audited) => (
        (audited.GetProperty("userId").GetGuid(), audited.GetProperty("role").GetString()), audited.GetProperty("action").GetString(),
        audited.GetProperty("recordType").GetString(), audited.GetProperty("recordId").GetString());

    private async Task<long> WaitingAsync() => (await QueryAsync<long>("select count(*) from audit_outbox where refused_at is null")).Single();

    private Task<IReadOnlyList<T>> QueryAsync<T>(string sql) => Host.Services.GetRequiredService<Database>().RunAsync(
        async (connection, token) => (IReadOnlyList<T>)[.. await connection.QueryAsync<T>(new(sql, cancellationToken: token))], CancellationToken.None);
}
