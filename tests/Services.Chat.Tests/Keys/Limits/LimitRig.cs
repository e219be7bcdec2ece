using System.Net;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace AiPlatform.Services.Chat.Tests.Keys.Limits;

/// <summary>
/// The service with limits, a scripted model behind it, and the clock of the rates in the test's hand: the buckets in Redis fill by the time that was
/// written down when they were last touched, and the test writes it down.
/// </summary>
internal sealed class LimitRig(KeyHost keys, ModelServer model) : IAsyncDisposable
{
    public KeyHost Keys { get; } = keys;

    public ModelServer Model { get; } = model;

    public static async Task<LimitRig> StartAsync(params (string Key, string Value)[] settings)
    {
        var model = await ModelServer.StartAsync();
        model.Respond = _ => ModelReply.Text("Here.");
        var keys = await KeyHost.StartAsync(
        [
            ("Models:OpenAi:BaseUrl", model.BaseUrl), ("Models:OpenAi:ApiKey", "key"), ("Models:OpenAi:Model", "test-model"),

            // A busy machine is not a Redis that is away.
            ("Limits:PatienceMilliseconds", "10000"),
            .. settings,
        ]);
        return new(keys, model);
    }

    /// <summary>Fills a subject's rates, and lets no time pass for them.</summary>
    public Task StopTimeAsync(string kind, Guid id, int? requests = null, int? tokens = null) =>
        StopTimeAsync(Keys.Chat, Keys.Owner, kind, id, requests, tokens);

    public static async Task StopTimeAsync(ChatHost host, TestToken user, string kind, Guid id, int? requests = null, int? tokens = null)
    {
        var ahead = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds();
        List<HashEntry> entries = [];
        foreach (var (name, level) in new[] { ("requests", requests), ("tokens", tokens) })
        {
            if (level is { } full)
            {
                entries.AddRange([new(name, full), new($"{name}_at", ahead)]);
            }
        }

        await host.Services.GetRequiredService<RedisClient>().RunAsync(
            "HSET limits", async database => await database.HashSetAsync($"limits:{user.PracticeId}:{kind}:{id}", [.. entries]), CancellationToken.None);
    }

    /// <summary>What so many calls, one after the other, are answered.</summary>
    public static async Task<List<int>> AskAsync(HttpClient program, int calls)
    {
        var statuses = new List<int>();
        for (var call = 0; call < calls; call++)
        {
            using var response = await AskAsync(program);
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }

    public static Task<HttpResponseMessage> AskAsync(HttpClient program) => KeyHost.AskAsync(program, "default");

    /// <summary>Once the service knows that the calls before are over, which may be a moment after their answer.</summary>
    public static Task IsAdmittedAsync(HttpClient program, string what) => Eventually.BecomesTrueAsync(
        async () =>
        {
            using var response = await AskAsync(program);
            return response.StatusCode != HttpStatusCode.TooManyRequests;
        },
        what);

    public async ValueTask DisposeAsync()
    {
        await Keys.DisposeAsync();
        await Model.DisposeAsync();
    }
}
