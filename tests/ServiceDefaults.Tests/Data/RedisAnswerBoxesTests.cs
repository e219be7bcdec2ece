#if !ASPIRE_PACKAGES
using System.Collections.Concurrent;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Tests.Data;

public sealed class RedisAnswerBoxesTests
{
    private const int Callers = 12;
    private const int Cuts = 40;

    // More than the buffers on the way take, so that some call is being written whenever its connection breaks.
    private static readonly RedisValue Large = new string('x', 500_000);

    [Fact]
    public async Task Run_ConnectionsBrokenWhileCallsAreWritten_EachGetsItsOwnAnswer()
    {
        await using var server = await RedisServer.StartAsync();
        await using var proxy = FaultProxy.Start(server.Port);
        await using var redis = RedisClientTests.Open(server.ConnectionString.Replace($":{server.Port}", $":{proxy.Port}", StringComparison.Ordinal));
        using var stopping = new CancellationTokenSource();
        var (answered, others) = (0, new ConcurrentBag<string>());
        var callers = Enumerable.Range(0, Callers).Select(CallAsync).ToList();

        for (var cut = 0; cut < Cuts; cut++)
        {
            var before = Volatile.Read(ref answered);
            await Eventually.BecomesTrueAsync(() => Volatile.Read(ref answered) > before + Callers, "calls are answered");
            proxy.CutAll();
        }

        await stopping.CancelAsync();
        await Task.WhenAll(callers);
        Assert.Empty(others);

        async Task CallAsync(int caller)
        {
            for (var call = 0; !stopping.IsCancellationRequested; call++)
            {
                try
                {
                    var answer = await AskTwiceAsync(redis, $"{caller}/{call}");
                    Interlocked.Increment(ref answered);
                    if (answer != $"{caller}/{call}")
                    {
                        others.Add($"{caller}/{call} got {answer ?? "nothing"}");
                    }
                }
                catch (RedisUnavailableException)
                {
                    // Calls that find no connection would use up what those that were lost have given back.
                    await Eventually.BecomesTrueAsync(() => redis.IsConnected, "a connection again");
                }
            }
        }
    }

    [Fact]
    public async Task Open_AnswersOfAllCommands_HaveNoPlaceToBeKept()
    {
        await using var redis = RedisClientTests.Open("127.0.0.1:1");

        var places = RedisAnswerBoxes.Stores().ToDictionary(store => store.DeclaringType!.GetGenericArguments()[0], store => ((Array)store.GetValue(null)!).Length);

        Assert.All(places.Values, length => Assert.Equal(0, length));
        Assert.Empty(new[] { typeof(IDatabaseAsync), typeof(IServer), typeof(ISubscriber) }.SelectMany(AnswersOf).Except(places.Keys));
    }

    // Nobody waits for the second one yet when its connection breaks.
    private static Task<string?> AskTwiceAsync(RedisClient redis, string value) => redis.RunAsync(
        "EVALSHA echo",
        async database =>
        {
            var (first, second) = (AskAsync(database, value), AskAsync(database, value));
            await first;
            return (await second)?.ToString();
        },
        CancellationToken.None);

    private static Task<RedisResult?> AskAsync(IDatabase database, string value) =>
        database.ScriptEvaluateAsync("return ARGV[1]", [], [value, Large], CommandFlags.None)!;

    // A loaded script is made of the bytes that were answered.
    private static IEnumerable<Type> AnswersOf(Type commands) => commands.GetMethods()
        .Where(command => command.ReturnType.IsGenericType && command.ReturnType.GetGenericTypeDefinition() == typeof(Task<>))
        .Select(command => command.ReturnType.GetGenericArguments()[0])
        .Where(answer => answer != typeof(LoadedLuaScript));
}
#endif
