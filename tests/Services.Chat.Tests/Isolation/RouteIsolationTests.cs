using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Isolation;

/// <summary>Every HTTP route, asked for the conversation of practice A by everybody else. A route that is not in the table fails the first test.</summary>
public sealed partial class RouteIsolationTests(ConversationOfA a) : IClassFixture<ConversationOfA>
{
    private const string OneBudget = "/api/v1/budgets/{scope:regex(^(practice|user|key)$)}/{subjectId:guid}/{period:regex(^(day|month)$)}";

    private static readonly string[] Open = ["/alive", "/health"];

    // {ended}, {waiting}: runs; {thread}; {message}; {session}; {response}: its digits; {key}. First what A's own user gets, then everybody else.
    private static readonly Row[] Table =
    [
        new("GET", "/chat/runs/{id:guid}", "/chat/runs/{ended}", 200, 404, "run.not_found"),
        new("GET", "/chat/runs/{id:guid}", "/chat/runs/{waiting}", 200, 404, "run.not_found"),
        new("GET", "/chat/runs/{id:guid}/events", "/chat/runs/{ended}/events", 200, 404, "run.not_found"),
        new("GET", "/chat/runs/{id:guid}/events", "/chat/runs/{ended}/events", 200, 404, "run.not_found") { LastEventId = "{epoch}:1" },
        new("GET", "/chat/runs/{id:guid}/events", "/chat/runs/{ended}/events", 200, 404, "run.not_found") { LastEventId = "another:1" },
        new("POST", "/chat/runs/{id:guid}/cancel", "/chat/runs/{ended}/cancel", 202, 404, "run.not_found"),
        new("POST", "/chat/runs/{id:guid}/cancel", "/chat/runs/{waiting}/cancel", null, 404, "run.not_found"),
        new("GET", "/api/v1/threads/{id:guid}/messages", "/api/v1/threads/{thread}/messages", 200, 404, "thread.not_found"),
        new("GET", "/api/v1/threads/{id:guid}/messages", "/api/v1/threads/{thread}/messages?cursor={message}", 200, 404, "thread.not_found"),

        // What is the caller's own, or nobody's: an answer, without anything of A's.
        new("GET", "/api/v1/threads", "/api/v1/threads", 200, 200),
        new("GET", "/api/v1/threads", "/api/v1/threads?cursor={thread}", 200, 200),
        new("POST", "/sessions", "/sessions", 201, 201) { Body = new { sessionId = ConversationOfA.SessionId } },
        new("DELETE", "/sessions/{id}", "/sessions/{session}", null, 204),
        new("GET", "/v1/models", "/v1/models", 200, 200),
        new("GET", "/v1/models/{**model}", "/v1/models/local", 200, 200),
        new("GET", "/models", "/models", 200, 200),
        new("GET", "/models/{**model}", "/models/local", 200, 200),
        new("POST", "/v1/chat/completions", "/v1/chat/completions", 200, 200) { Body = Completion },
        new("POST", "/chat/completions", "/chat/completions", 200, 200) { Body = Completion },
        new("POST", "/v1/embeddings", "/v1/embeddings", 400, 400, "model.unsupported") { Body = Embedding },
        new("POST", "/embeddings", "/embeddings", 400, 400, "model.unsupported") { Body = Embedding },

        new("POST", "/v1/responses", "/v1/responses", 200, 200) { Body = Kept },
        new("GET", "/v1/responses/{id}", "/v1/responses/resp_{response}", 200, 404, "response_not_found"),
        new("POST", "/v1/responses/{id}/cancel", "/v1/responses/resp_{response}/cancel", null, 404, "response_not_found"),
        new("DELETE", "/v1/responses/{id}", "/v1/responses/resp_{response}", null, 404, "response_not_found"),
        new("POST", "/responses", "/responses", 200, 200) { Body = Kept },
        new("GET", "/responses/{id}", "/responses/resp_{response}", 200, 404, "response_not_found"),
        new("POST", "/responses/{id}/cancel", "/responses/resp_{response}/cancel", null, 404, "response_not_found"),
        new("DELETE", "/responses/{id}", "/responses/resp_{response}", null, 404, "response_not_found"),

        // Of yet another practice, so that it is nobody's here; those who do not lead have no business with keys at all.
        new("POST", "/api/v1/keys", "/api/v1/keys", 403, 400, "idempotency.key_required") { Body = new { name = "a" }, NotLeading = (403, "key.forbidden") },
        new("GET", "/api/v1/keys", "/api/v1/keys", 403, 200) { NotLeading = (403, "key.forbidden") },
        new("GET", "/api/v1/keys/{id:guid}", "/api/v1/keys/{key}", 403, 404, "key.not_found") { NotLeading = (403, "key.forbidden") },
        new("PUT", "/api/v1/keys/{id:guid}", "/api/v1/keys/{key}", 403, 404, "key.not_found") { Body = new { name = "a" }, IfMatch = "*", NotLeading = (403, "key.forbidden") },
        new("POST", "/api/v1/keys/{id:guid}/rotate", "/api/v1/keys/{key}/rotate", 403, 404, "key.not_found") { Body = new { }, IfMatch = "*", NotLeading = (403, "key.forbidden") },
        new("DELETE", "/api/v1/keys/{id:guid}", "/api/v1/keys/{key}", 403, 404, "key.not_found") { NotLeading = (403, "key.forbidden") },

        // What calls cost: their own for who works there, the practice's for who leads it; budgets for the latter only.
        new("GET", "/api/v1/usage", "/api/v1/usage?by=user", 200, 200) { Clients = 403 },
        new("GET", "/api/v1/usage", "/api/v1/usage?by=model", 200, 200) { Clients = 403 },
        new("GET", "/api/v1/usage/calls", "/api/v1/usage/calls", 200, 200) { Clients = 403 },
        new("GET", "/api/v1/budgets", "/api/v1/budgets", 403, 200) { NotLeading = (403, "budget.forbidden") },
        new("GET", "/api/v1/budgets/alerts", "/api/v1/budgets/alerts", 403, 200) { NotLeading = (403, "budget.forbidden") },
        new("GET", OneBudget, "/api/v1/budgets/key/{user}/month", 403, 404, "budget.not_found") { NotLeading = (403, "budget.forbidden") },
        new("PUT", OneBudget, "/api/v1/budgets/user/{user}/month", 403, 200) { Body = Budget, IfMatch = "*", NotLeading = (403, "budget.forbidden") },
        new("DELETE", OneBudget, "/api/v1/budgets/key/{user}/month", 403, 404, "budget.not_found") { IfMatch = "*", NotLeading = (403, "budget.forbidden") },

        // Counts of endpoints, nobody's contents; a practice's clients have no business with them.
        new("GET", "/stats", "/stats", 200, 200) { Clients = 403 },

        // Of the caller's own practice, whatever ids the request names; what it leaves of others' CacheClearingTests shows.
        new("DELETE", "/cache", "/cache", 403, 200) { NotLeading = (403, "auth.forbidden") },

        // Spoken to as sockets in SocketIsolationTests.
        new("GET", "/ws/{session_id}", "/ws/{session}", 400, 400, "socket.upgrade_required"),
        new("GET", "/chat/ws", "/chat/ws", 400, 400, "socket.upgrade_required"),
    ];

    private static object Completion => new { model = "local", messages = new[] { new { role = "user", content = "hello" } } };

    private static object Budget => new { amountUsd = 1000 };

    private static object Kept => new { model = "local", input = "hello", store = false };

    private static object Embedding => new { model = "local", input = "hello" };

    [Fact]
    public void Routes_OfTheService_AreAllInTheTable()
    {
        var mapped = a.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var open = mapped.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);
        var closed = mapped.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

        Assert.Equal(Open, open.Select(PatternOf).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            Table.Select(row => $"{row.Method} {row.Pattern}").Distinct().Order(StringComparer.Ordinal),
            closed.Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} {PatternOf(endpoint)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryRoute_WithoutToken_IsUnauthorized()
    {
        using var nobody = a.Host.CreateClient();

        foreach (var row in Table)
        {
            using var response = await SendAsync(nobody, row, Real);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{row.Method} {row.Path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task EveryRoute_ItsOwnUser_IsAnswered()
    {
        using var client = a.Host.CreateClient(a.User);

        foreach (var row in Table.Where(row => row.Own is not null))
        {
            using var response = await SendAsync(client, row, Real);
            Assert.True((int)response.StatusCode == row.Own, $"{row.Method} {row.Path}: {response.StatusCode}, {await response.Content.ReadAsStringAsync()}");
        }
    }

    public static TheoryData<string, UserRole> Strangers => Stranger.All;

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task EveryRoute_Stranger_KnowsNothingOfIt(string who, UserRole role)
    {
        var user = Stranger.Of(a.User, who, role);

        foreach (var (replica, row) in a.Replicas.SelectMany(replica => Table.Select(row => (replica, row))))
        {
            using var stranger = replica.CreateClient(user);
            using var response = await SendAsync(stranger, row, Real);
            var body = await response.Content.ReadAsStringAsync();
            var place = $"{who}, {role}, {row.Method} {row.Path}: {(int)response.StatusCode} {body}";
            var (status, code) = row.NotLeading is { } refused && role is not (UserRole.Owner or UserRole.Admin) ? refused
                : (role == UserRole.Client ? row.Clients ?? row.Others : row.Others, row.Code);
            Assert.True((int)response.StatusCode == status, place);
            Assert.True(code is null || body.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal), place);
            Assert.False(new[] { ConversationOfA.Secret, $"{a.KeyOfAnother}", a.ThreadId, $"{a.EndedRun}", $"{a.WaitingRun}", a.MessageId }.Any(sign => body.Contains(sign, StringComparison.Ordinal)), place);

            if (!row.NamesThings)
            {
                continue;
            }

            // Not a word tells A's thing from one that nobody has.
            using var made = await SendAsync(stranger, row, MadeUp);
            Assert.Equal((response.StatusCode, Plain(body)), (made.StatusCode, Plain(await made.Content.ReadAsStringAsync())));
        }

        // Nothing of what the stranger did has reached A.
        using var client = a.Host.CreateClient(a.User);
        Assert.Contains(
            a.ThreadId, await (await client.PostAsJsonAsync("/sessions", new { sessionId = ConversationOfA.SessionId })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"running\"", await client.GetStringAsync($"/chat/runs/{a.WaitingRun}"), StringComparison.Ordinal);
    }

    // Ids and times of what was made for the answer itself.
    private static string Plain(string body) => Made().Replace(body, "~");

    [GeneratedRegex("""[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|chatcmpl-\w+|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)|"created(_at)?":\d+|"completed_at":\d+""")]
    private static partial Regex Made();

    private string Real(string text) => text
        .Replace("{ended}", $"{a.EndedRun}", StringComparison.Ordinal)
        .Replace("{waiting}", $"{a.WaitingRun}", StringComparison.Ordinal)
        .Replace("{thread}", a.ThreadId, StringComparison.Ordinal)
        .Replace("{message}", a.MessageId, StringComparison.Ordinal)
        .Replace("{epoch}", a.Epoch, StringComparison.Ordinal)
        .Replace("{response}", a.ResponseId["resp_".Length..], StringComparison.Ordinal)
        .Replace("{key}", $"{a.KeyOfAnother}", StringComparison.Ordinal)
        .Replace("{user}", $"{a.User.UserId}", StringComparison.Ordinal)
        .Replace("{session}", ConversationOfA.SessionId, StringComparison.Ordinal);

    private static string MadeUp(string text) => Placeholder().Replace(text, _ => $"{Guid.CreateVersion7()}");

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Row row, Func<string, string> fill)
    {
        using var request = new HttpRequestMessage(new(row.Method), fill(row.Path)) { Content = row.Body is null ? null : JsonContent.Create(row.Body) };
        if (row.LastEventId is { } place)
        {
            request.Headers.Add("Last-Event-ID", fill(place));
        }

        if (row.IfMatch is { } tag)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await client.SendAsync(request);
    }

    private static string PatternOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.Trim('/')}";

    /// <param name="Own">Null where A's own request would change what the others ask for.</param>
    private sealed record Row(string Method, string Pattern, string Path, int? Own, int Others, string? Code = null)
    {
        public object? Body { get; init; }

        /// <summary>For clients of a practice, where it is another answer than everybody else's.</summary>
        public int? Clients { get; init; }

        /// <summary>For everybody but owners and admins, where it is another answer than theirs.</summary>
        public (int Status, string Code)? NotLeading { get; init; }

        public string? LastEventId { get; init; }

        public string? IfMatch { get; init; }

        /// <summary>Otherwise two requests are the same to the letter, and only what is counted meanwhile could differ.</summary>
        public bool NamesThings => Placeholder().IsMatch($"{Path} {LastEventId}");
    }
}
