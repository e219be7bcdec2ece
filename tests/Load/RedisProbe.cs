using System.Diagnostics;
using StackExchange.Redis;

namespace AiPlatform.Load;

/// <summary>The round trip of a plain XADD through the library, a hundred times a second while something else is measured.</summary>
internal sealed class RedisProbe : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ConnectionMultiplexer _multiplexer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<IReadOnlyList<double>> _measuring;

    private RedisProbe(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        _multiplexer = multiplexer;
        _measuring = MeasureAsync(cancellationToken);
    }

    public static async Task<RedisProbe> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(connectionString);
#if !ASPIRE_PACKAGES
        multiplexer.PreserveAsyncOrder = false;
#endif
        return new(multiplexer, cancellationToken);
    }

    /// <returns>Milliseconds, in order.</returns>
    public async Task<IReadOnlyList<double>> StopAsync()
    {
        await _stop.CancelAsync();
        return await _measuring;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _multiplexer.Dispose();
    }

    private async Task<IReadOnlyList<double>> MeasureAsync(CancellationToken cancellationToken)
    {
        var frame = new byte[300];
        var times = new List<double>();
        while (!_stop.IsCancellationRequested)
        {
            var startedAt = Stopwatch.GetTimestamp();
            await _multiplexer.GetDatabase().ExecuteAsync("XADD", "load:stream", "MAXLEN", "1000", "*", "t", "text_chunk", "f", frame);
            times.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            await Task.Delay(Pause, cancellationToken);
        }

        return [.. times.Order()];
    }
}
