using AiPlatform.Services.Chat.Models.Routing;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Models.Routing;

public sealed class EndpointSlotsTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private readonly TestTimeProvider _time = new();
    private readonly EndpointSlots _slots;

    public EndpointSlotsTests() => _slots = new(_time);

    [Fact]
    public async Task Take_AllTaken_GoesToWhoWaitedLongest()
    {
        Assert.True(_slots.TryTake(1));
        var first = _slots.TakeAsync(1, Wait, default).AsTask();
        var second = _slots.TakeAsync(1, Wait, default).AsTask();

        _slots.Release();

        Assert.True(await first.WaitAsync(Eventually.Timeout));
        Assert.Equal((false, 1), (second.IsCompleted, _slots.Taken));
        _slots.Release();
        Assert.True(await second.WaitAsync(Eventually.Timeout));
    }

    [Fact]
    public async Task Take_NoneComesFree_EndsWithTheWait()
    {
        Assert.True(_slots.TryTake(1));
        var waiting = _slots.TakeAsync(1, Wait, default).AsTask();

        _time.Advance(Wait);

        Assert.False(await waiting.WaitAsync(Eventually.Timeout));
        _slots.Release();
        Assert.Equal(0, _slots.Taken);
    }

    [Fact]
    public async Task Take_CallerLeaves_FreesItsPlaceInTheQueue()
    {
        using var leaving = new CancellationTokenSource();
        Assert.True(_slots.TryTake(1));
        var waiting = _slots.TakeAsync(1, Wait, leaving.Token).AsTask();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _slots.Release();
        Assert.True(_slots.TryTake(1));
    }

    [Fact]
    public async Task Take_TooManyWait_IsRefusedAtOnce()
    {
        Assert.True(_slots.TryTake(1));
        var waiting = new[] { _slots.TakeAsync(1, Wait, default).AsTask(), _slots.TakeAsync(1, Wait, default).AsTask() };

        Assert.False(await _slots.TakeAsync(1, Wait, default));
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
    }
}
