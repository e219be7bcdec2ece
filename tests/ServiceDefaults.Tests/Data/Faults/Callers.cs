using System.Collections.Concurrent;
using System.Diagnostics;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using Dapper;
using StackExchange.Redis;
using CommandFlags = StackExchange.Redis.CommandFlags;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>
/// Many callers on the pool who write and read values of their own without pause: an answer meant for another would be seen. They
/// count how calls ended and how long the longest took.
/// </summary>
internal sealed class Callers(RedisClient redis, Database database) : IAsyncDisposable
{
    private const int OfRedis = 150;
    private const int OfDatabase = 50;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(FaultedService.CallBound);

    // Enough for a call to be under way at any moment, few enough to leave the machine some room.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly string _keys = $"faults:{Guid.CreateVersion7():N}";
    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private readonly ConcurrentBag<(long Started, long Ended)> _slow = [];
    private readonly CancellationTokenSource _stopping = new();
    private long _longestTicks;
    private Task _running = Task.CompletedTask;

    /// <summary>The named failures so far, and by its type what had no name.</summary>
    public IReadOnlyCollection<string> Failures => [.. _outcomes.Keys.Where(outcome => outcome != "ok").Order()];

    public int Succeeded => _outcomes.GetValueOrDefault("ok");

    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longestTicks));

    /// <summary>The calls that took longer than any may, the machine's part of it included.</summary>
    public IReadOnlyCollection<(long Started, long Ended)> Slow => _slow;

    public void Start() => _running = Task.WhenAll(
    [
        .. Enumerable.Range(0, OfRedis).Select(caller => LoopAsync(caller, AskRedisAsync)),
        .. Enumerable.Range(0, OfDatabase).Select(caller => LoopAsync(caller, AskDatabaseAsync)),
    ]);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <summary>A thousand calls that must all get their own values.</summary>
    public async Task AllGetTheirOwnAsync()
    {
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, OfDatabase).SelectMany(
                caller => (Task[])[AskRedisAsync(caller, round), AskDatabaseAsync(caller, round)]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    private async Task LoopAsync(int caller, Func<int, int, Task> ask)
    {
        for (var call = 0; !_stopping.IsCancellationRequested; call++)
        {
            var started = Stopwatch.GetTimestamp();
            var outcome = await OutcomeAsync(() => ask(caller, call));
            _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
            var ended = Stopwatch.GetTimestamp();
            var took = Stopwatch.GetElapsedTime(started, ended);
            Raise(took.Ticks);
            if (took > Bound)
            {
                _slow.Add((started, ended));
            }

            await Task.Delay(Between);
        }
    }

    private static async Task<string> OutcomeAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return "ok";
        }
        catch (DependencyUnavailableException exception)
        {
            return exception is RedisUnavailableException redis ? redis.Reason : ((DatabaseUnavailableException)exception).Reason;
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    private void Raise(long ticks)
    {
        for (var longest = Interlocked.Read(ref _longestTicks); ticks > longest; longest = Interlocked.Read(ref _longestTicks))
        {
            Interlocked.CompareExchange(ref _longestTicks, ticks, longest);
        }
    }

    // One call writes and reads, so that it has the bound of one call.
    private async Task AskRedisAsync(int caller, int call)
    {
        var value = $"{caller}/{call}/{Guid.CreateVersion7():N}";
        var answer = await redis.RunAsync(
            "SET faults",
            async database =>
            {
                var writing = database.StringSetAsync($"{_keys}:{caller}", value, null, When.Always, CommandFlags.None);
                var reading = database.StringGetAsync($"{_keys}:{caller}");
                try
                {
                    await writing;
                }
                finally
                {
                    await Task.WhenAny(reading);
                }

                return (string?)await reading;
            },
            CancellationToken.None);
        Own(value, answer, caller);
    }

    private async Task AskDatabaseAsync(int caller, int call)
    {
        var value = $"{caller}/{call}/{Guid.CreateVersion7():N}";
        var answer = await database.RunAsync(
            async (connection, token) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "replace into fault (caller, value) values (@caller, @value)", new { caller, value }, cancellationToken: token));
                return await connection.ExecuteScalarAsync<string>(new CommandDefinition(
                    "select value from fault where caller = @caller", new { caller }, cancellationToken: token));
            },
            CancellationToken.None);
        Own(value, answer, caller);
    }

    // A call given up by its caller may still write later, but only the same caller's value.
    private static void Own(string value, string? answer, int caller)
    {
        if (answer != value && answer?.StartsWith($"{caller}/", StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException($"Asked for {value}, got {answer ?? "nothing"}.");
        }
    }
}
