using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>
/// Two replicas on stores that may be killed, and a model that says sixty words and stops where it is told. A person has a socket on
/// the replica that executes the run, and a second screen on the other.
/// </summary>
internal sealed class FaultRig : IAsyncDisposable
{
    public const int LeaseSeconds = 3;
    public const int AppendMilliseconds = 2000;

    private static readonly string[] Words = [.. Enumerable.Range(1, 60).Select(number => number == 1 ? "word1" : $" word{number}")];

    private readonly TestToken _user = new();
    private readonly ModelServer _model;
    private TaskCompletionSource _gate = new();

    private FaultRig(RedisServer redis, MariaDbServer? mariaDb, ModelServer model, ChatHost here, ChatHost there)
    {
        Redis = redis;
        MariaDb = mariaDb;
        _model = model;
        Here = here;
        There = there;
    }

    public static string Text { get; } = string.Concat(Words);

    public RedisServer Redis { get; }

    /// <summary>Null when the rig uses the shared one.</summary>
    public MariaDbServer? MariaDb { get; }

    /// <summary>Executes the run.</summary>
    public ChatHost Here { get; }

    public ChatHost There { get; }

    public ChatSocket Socket { get; private set; } = null!;

    public ChatSocket Screen { get; private set; } = null!;

    public TestToken User => _user;

    public static async Task<FaultRig> StartAsync(bool ownMariaDb = false, params (string Key, string Value)[] settings)
    {
        var redis = RedisServer.StartAsync();
        var mariaDb = ownMariaDb ? await MariaDbServer.StartAsync() : null;
        var model = await ModelServer.StartAsync();
        var all = new Dictionary<string, string>
        {
            ["ConnectionStrings:redis"] = (await redis).ConnectionString,
            ["Models:OpenAi:BaseUrl"] = model.BaseUrl,
            ["Models:OpenAi:ApiKey"] = "key",
            ["Models:OpenAi:Model"] = "test-model",
            ["RunLog:LeaseSeconds"] = $"{LeaseSeconds}",
            ["RunLog:AppendMilliseconds"] = $"{AppendMilliseconds}",
        };
        if (mariaDb is not null)
        {
            all["ConnectionStrings:chatdb"] = await mariaDb.CreateDatabaseAsync("chat");
        }

        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        model.Respond = _ => ModelReply.Text("And what else?");
        var here = await ChatHost.StartAsync(agent: null, all);
        var rig = new FaultRig(await redis, mariaDb, model, here, here.StartReplica());
        rig.Socket = await rig.Here.ConnectAsync(rig.User, "/ws/s1");
        rig.Screen = await rig.There.ConnectAsync(rig.User, "/ws/s1");
        return rig;
    }

    /// <summary>Starts a run and waits until it stands after so many words, on both sockets.</summary>
    /// <param name="onTheWay">What happens when it stands after half of them.</param>
    /// <returns>What each socket got of it.</returns>
    /// <param name="socket">Where it is asked for, if not on <see cref="Socket"/>.</param>
    public async Task<FaultRun> BeginAsync(int words, Action? onTheWay = null, ChatSocket? socket = null)
    {
        Socket = socket ?? Socket;
        _gate = new();
        var half = new TaskCompletionSource();
        _model.Enqueue(ModelReply.Of([
            .. Say(0, words / 2), new ModelStep.Wait(half.Task), .. Say(words / 2, words), new ModelStep.Wait(_gate.Task), .. Say(words, Words.Length)]));
        await Socket.SendAsync(new { type = "chat_message", message = "Say sixty words." });
        var first = await Socket.ReadUntilAsync(frame => StandsAfter(frame, words / 2));
        onTheWay?.Invoke();
        half.SetResult();
        var runId = first[^1].RunId!;
        return new(
            this, Guid.Parse(runId),
            [.. first.OfRun(runId), .. await Socket.ReadUntilAsync(frame => StandsAfter(frame, words))],
            (await Screen.ReadUntilAsync(frame => StandsAfter(frame, words))).OfRun(runId));
    }

    /// <summary>The person comes back, to the replica that is left.</summary>
    public async Task ReconnectAsync() => Socket = await Here.ConnectAsync(User, "/ws/s1");

    /// <summary>Lets the model say the rest.</summary>
    public void GoOn() => _gate.TrySetResult();

    /// <summary>Forgets everything in Redis, which goes on running.</summary>
    public Task FlushAsync() =>
        Here.Services.GetRequiredService<RedisClient>().RunAsync("EVAL flush", database => database.ScriptEvaluateAsync("redis.call('flushall') return 1"), default);

    private static IEnumerable<ModelStep> Say(int from, int to) => Words[from..to].Select(word => new ModelStep.TextDelta(word));

    public static int LengthOf(int words) => Words.Take(words).Sum(word => word.Length);

    private static bool StandsAfter(ReceivedFrame frame, int words) =>
        frame.Type == "text_chunk" && frame.Json.GetProperty("full_length").GetInt32() == LengthOf(words);

    /// <summary>Returns when both replicas have their connections again; each finds that out by itself.</summary>
    public Task RedisIsBackAsync() => Task.WhenAll(RedisIsBackAsync(Here), RedisIsBackAsync(There));

    /// <summary>Returns when this replica has its connection again.</summary>
    public static Task RedisIsBackAsync(ChatHost host)
    {
        var redis = host.Services.GetRequiredService<RedisClient>();
        return Eventually.BecomesTrueAsync(
            async () =>
            {
                try
                {
                    await redis.RunAsync("PING", database => database.PingAsync(), default);
                    return true;
                }
                catch (RedisUnavailableException)
                {
                    return false;
                }
            },
            "Redis answers again");
    }

    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> TimeAsync(Func<Task> act)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(startedAt);
    }

    public async ValueTask DisposeAsync()
    {
        GoOn();
        await Socket.DisposeAsync();
        await Screen.DisposeAsync();
        await Here.DisposeAsync();
        await There.DisposeAsync();
        await _model.DisposeAsync();
        await Redis.DisposeAsync();
        if (MariaDb is not null)
        {
            await MariaDb.DisposeAsync();
        }
    }
}
