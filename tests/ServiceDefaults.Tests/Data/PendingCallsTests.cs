using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Tests.Common;

namespace AiPlatform.ServiceDefaults.Tests.Data;

/// <summary>Calls that wait together, with one timer.</summary>
public sealed class PendingCallsTests
{
    private readonly TestTimeProvider _time = new();

    [Fact]
    public async Task TimePasses_CallsDueInAnotherOrderThanAdded_EndEachAtItsTime()
    {
        using var calls = new PendingCalls(_time);
        var (second, first, third) = (Due(5), Due(3), Due(6));
        calls.Add(second);
        calls.Add(first);
        calls.Add(third);

        _time.Advance(TimeSpan.FromSeconds(3.5));
        Assert.IsType<TimeoutException>(await first.Ended);
        Assert.False(second.Ended.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await second.Ended;
        Assert.False(third.Ended.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await third.Ended;
    }

    [Fact]
    public async Task TimePasses_CallTakenOut_DoesNotEndAndOthersDo()
    {
        using var calls = new PendingCalls(_time);
        var (first, between, last) = (Due(2), Due(3), Due(4));
        calls.Add(first);
        calls.Add(between);
        calls.Add(last);
        calls.Remove(between);
        calls.Remove(between);

        _time.Advance(TimeSpan.FromSeconds(5));
        await first.Ended;
        await last.Ended;

        Assert.False(between.Ended.IsCompleted);
    }

    [Fact]
    public async Task Dispose_CallsWaiting_EndAtOnce()
    {
        var calls = new PendingCalls(_time);
        var (before, after) = (Due(5), Due(5));
        calls.Add(before);

        calls.Dispose();
        calls.Add(after);

        Assert.IsType<ObjectDisposedException>(await before.Ended);
        Assert.IsType<ObjectDisposedException>(await after.Ended);
    }

    private TestCall Due(double seconds) => new(_time.GetTimestamp() + (long)(seconds * _time.TimestampFrequency));

    private sealed class TestCall(long dueAt) : PendingCall(dueAt)
    {
        private readonly TaskCompletionSource<Exception> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Exception> Ended => _ended.Task.WaitAsync(Eventually.Timeout);

        public override void Fail(Exception exception) => _ended.SetResult(exception);
    }
}
