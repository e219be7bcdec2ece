using System.Runtime.CompilerServices;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Models.Forwarding;

public sealed class KeepAliveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly TestTimeProvider _time = new();
    private readonly TaskCompletionSource _isAtRest = new();

    [Fact]
    public async Task Items_ThatTakeTheirTime_ComeWithBeatsBetween()
    {
        var (gate, beats, seen) = (new TaskCompletionSource(), 0, new List<int>());
        var reading = Task.Run(async () =>
        {
            await foreach (var item in KeepAlive.WhileWaitingAsync(ItemsAsync(gate.Task, default), Interval, _time, Beat, default))
            {
                seen.Add(item);
            }
        });

        for (var expected = 1; expected <= 2; expected++)
        {
            await Eventually.BecomesTrueAsync(() => _time.Timers == 1, "the next item is waited for");
            _time.Advance(Interval);
            await Eventually.BecomesTrueAsync(() => Volatile.Read(ref beats) == expected, "a beat was sent");
        }

        gate.SetResult();
        await reading.WaitAsync(Eventually.Timeout);

        Assert.Equal([1, 2], seen);
        Assert.Equal(2, beats);
        Assert.True(_isAtRest.Task.IsCompleted);

        ValueTask Beat()
        {
            Interlocked.Increment(ref beats);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Beat_ThatFails_IsWhatIsToldAndTheItemsAreAtRestBefore()
    {
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in KeepAlive.WhileWaitingAsync(
                ItemsAsync(Task.Delay(Timeout.Infinite), default), Interval, _time, static () => throw new OperationCanceledException("The caller is gone."), default))
            {
            }
        });
        await Eventually.BecomesTrueAsync(() => _time.Timers == 1, "the next item is waited for");

        _time.Advance(Interval);

        var told = await Assert.ThrowsAsync<OperationCanceledException>(() => reading.WaitAsync(Eventually.Timeout));
        Assert.Equal("The caller is gone.", told.Message);
        Assert.True(_isAtRest.Task.IsCompleted);
    }

    [Fact]
    public async Task Reader_ThatFails_LeavesTheItemsAtRest()
    {
        var told = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var _ in KeepAlive.WhileWaitingAsync(ItemsAsync(Task.Delay(Timeout.Infinite), default), Interval, _time, static () => ValueTask.CompletedTask, default))
            {
                throw new InvalidOperationException("Could not be written.");
            }
        });

        Assert.Equal("Could not be written.", told.Message);
        Assert.True(_isAtRest.Task.IsCompleted);
    }

    private async IAsyncEnumerable<int> ItemsAsync(Task gate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return 1;
            await gate.WaitAsync(cancellationToken);
            yield return 2;
        }
        finally
        {
            _isAtRest.SetResult();
        }
    }
}
