using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Settling;
using AiPlatform.Tests.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Tests.Usage;

/// <summary>The service over a scripted provider whose models have prices, and the rows of what calls came to.</summary>
internal sealed class UsageRig : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly string _catalogue;

    private UsageRig(ShiftedTime clock, ModelServer model, ChatHost host, string catalogue)
    {
        Clock = clock;
        Model = model;
        Host = host;
        _catalogue = catalogue;
    }

    /// <summary>Goes on from noon of a day in the middle of a month, so that neither ends during a test, unless the test has it so.</summary>
    public ShiftedTime Clock { get; }

    public ModelServer Model { get; }

    public ChatHost Host { get; }

    public TestToken User { get; } = new();

    /// <summary>Leads the user's practice.</summary>
    public TestToken Owner => User with { Role = UserRole.Owner, UserId = Guid.CreateVersion7() };

    public UsageLog Log => Host.Services.GetRequiredService<UsageLog>();

    /// <summary>Turns the cache on, of which only the group "kept" makes use.</summary>
    public static readonly (string Key, string Value)[] WithCache = [("Gateway:Cache:Enabled", "true"), ("Gateway:Cache:Key", "a secret of the tests, long enough for it"), ("Gateway:Cache:ReadMilliseconds", "5000")];

    /// <summary>HS-080's example, an embedder, one that costs nothing, all of them asked every time; and one whose replies are kept for the practice.</summary>
    public static Task<UsageRig> StartAsync(params (string Key, string Value)[] settings) => StartAsync(NewClock(), null, null, settings);

    /// <param name="upstream">Another provider in the scripted one's place.</param>
    public static Task<UsageRig> StartAsync(string upstream) => StartAsync(NewClock(), upstream, null);

    public static Task<UsageRig> StartAsync(Action<IServiceCollection> services, params (string Key, string Value)[] settings) => StartAsync(NewClock(), null, services, settings);

    /// <summary>On the machine's own clock, which a replica in a process of its own has too.</summary>
    public static Task<UsageRig> StartForProcessesAsync(params (string Key, string Value)[] settings) => StartAsync(new ShiftedTime(), null, null, settings);

    public static ShiftedTime NewClock() => new() { Shift = Start - TimeProvider.System.GetUtcNow() };

    private static async Task<UsageRig> StartAsync(ShiftedTime clock, string? upstream, Action<IServiceCollection>? services, params (string Key, string Value)[] settings)
    {
        var model = await ModelServer.StartAsync();
        model.Respond = _ => ModelReply.Text("Hello there.") with { PromptTokens = 1000, CompletionTokens = 500 };
        var catalogue = Path.Combine(Path.GetTempPath(), $"models-{Guid.CreateVersion7():N}.json");
        object Endpoint(string name) => new { name = "east", provider = "openai", base_url = upstream ?? model.BaseUrl, model = name };
        await File.WriteAllTextAsync(catalogue, JsonSerializer.Serialize(new
        {
            groups = new object[]
            {
                new { name = "gpt-4o", aliases = new[] { "smart", "default" }, cache = "off", price = new { input = 0.0025, cached_input = 0.00125, output = 0.01, per_tokens = 1000 }, endpoints = new[] { Endpoint("gpt-4o") } },
                new { name = "embedder", cache = "off", price = new { input = 0.02, output = 0, per_tokens = 1_000_000 }, endpoints = new[] { Endpoint("text-embedding-3-small") } },
                new { name = "kept", cache = new { ttl = "1h", scope = "practice" }, price = new { input = 0.0025, output = 0.01, per_tokens = 1000 }, endpoints = new[] { Endpoint("gpt-4o") } },
                new { name = "free", cache = "off", endpoints = new[] { Endpoint("llama") } },
            },
        }));
        var all = new Dictionary<string, string> { ["MODELS_CONFIG"] = catalogue, ["Usage:WriteMilliseconds"] = "50", ["Budgets:WaitMilliseconds"] = "10000" };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return new(clock, model, await ChatHost.StartAsync(settings: all, services: services, time: clock), catalogue);
    }

    public async Task<HttpResponseMessage> CompleteAsync(string model = "gpt-4o", bool stream = false, TestToken? user = null, CancellationToken cancellationToken = default)
    {
        using var client = Host.CreateClient(user ?? User);
        return await client.PostAsJsonAsync("/v1/chat/completions", Request(model, stream), cancellationToken);
    }

    public static object Request(string model = "gpt-4o", bool stream = false) =>
        new { model, messages = new[] { new { role = "user", content = "Hi" } }, stream };

    /// <summary>As the practice's owner does, whatever it was before.</summary>
    public async Task SetBudgetAsync(string scope, Guid subjectId, string period, decimal amountUsd, params int[] thresholds)
    {
        using var client = Host.CreateClient(Owner);
        client.DefaultRequestHeaders.IfMatch.Add(EntityTagHeaderValue.Any);
        using var response = await client.PutAsJsonAsync($"/api/v1/budgets/{scope}/{subjectId}/{period}", thresholds is [] ? new { amountUsd } : (object)new { amountUsd, thresholds });
        response.EnsureSuccessStatusCode();
    }

    public async Task<long> StreamLengthAsync() => (long)await Host.Services.GetRequiredService<RedisClient>().RunAsync(
        "XLEN usage_calls", database => database.ExecuteAsync("XLEN", (RedisKey)Host.Settings["Usage:Stream"]), CancellationToken.None);

    /// <returns>As many rows as that, once they are there; oldest first.</returns>
    public Task<IReadOnlyList<UsageRow>> RowsAsync(int count) => RowsAsync(Host, count);

    public static async Task<IReadOnlyList<UsageRow>> RowsAsync(ChatHost host, int count)
    {
        IReadOnlyList<UsageRow> rows = [];
        await Eventually.BecomesTrueAsync(async () => (rows = await ReadAsync(host)).Count >= count, $"{count} calls are rows");
        Assert.Equal(count, rows.Count);
        return rows;
    }

    public static async Task<IReadOnlyList<UsageRow>> ReadAsync(ChatHost host)
    {
        try
        {
            return await host.Services.GetRequiredService<Database>().RunAsync(
                async (connection, token) => (IReadOnlyList<UsageRow>)[.. await connection.QueryAsync<UsageRow>(new(
                    """
                    select request_id, practice_id, user_id, persona, key_id, run_id, model, provider, endpoint, kind, streams, outcome, error_code,
                           input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, is_estimated, cost_usd, attempts
                    from usage_calls order by started_at, request_id
                    """,
                    cancellationToken: token))],
                CancellationToken.None);
        }
        catch (DatabaseUnavailableException)
        {
            return [];
        }
    }

    /// <summary>How many rows of calls the server has read so far, for whatever statement.</summary>
    public Task<long> RowsReadAsync() => Host.Services.GetRequiredService<Database>().RunAsync(
        async (connection, token) =>
        {
            // It counts from when it is first told to, and what differs afterwards is right.
            await connection.ExecuteAsync(new("set global userstat = 1", cancellationToken: token));
            return await connection.ExecuteScalarAsync<long>(new(
                "select coalesce(sum(rows_read), 0) from information_schema.table_statistics where table_schema = database() and table_name = 'usage_calls'", cancellationToken: token));
        },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Model.DisposeAsync();
        File.Delete(_catalogue);
    }
}

internal static class Budgeted
{
    /// <summary>Returns once another replica has heard of the budget of the rig's practice.</summary>
    public static Task KnowsBudgetAsync(this ChatHost replica, UsageRig rig) => Eventually.BecomesTrueAsync(
        () => replica.Services.GetRequiredService<BudgetBook>().Of(new(rig.User.PracticeId, rig.User.UserId, UserRole.Practitioner), rig.Clock.GetUtcNow()).Count > 0,
        "the other replica knows of the budget");
}

internal sealed record UsageRow
{
    public string RequestId { get; init; } = "";

    public Guid PracticeId { get; init; }

    public Guid UserId { get; init; }

    public string? Persona { get; init; }

    public Guid? KeyId { get; init; }

    public Guid? RunId { get; init; }

    public string Model { get; init; } = "";

    public string? Provider { get; init; }

    public string? Endpoint { get; init; }

    public string Kind { get; init; } = "";

    public bool Streams { get; init; }

    public string Outcome { get; init; } = "";

    public string? ErrorCode { get; init; }

    public long InputTokens { get; init; }

    public long CachedInputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public bool IsEstimated { get; init; }

    public decimal CostUsd { get; init; }

    public int Attempts { get; init; }
}
