using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Usage;

public sealed class BudgetWindowTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly TestTimeProvider _time = new();
    private readonly BudgetWindow _window;

    public BudgetWindowTests() => _window = new(
        new(new(Guid.CreateVersion7(), BudgetScope.Practice, Guid.CreateVersion7()), BudgetPeriod.Month, 1m, [50, 100]), new(2026, 1, 1), _time);

    [Fact]
    public void Reserve_UntilTheSliceIsSpent_IsGrantedAndOnceOverIt()
    {
        Hear(lease: 100);

        Assert.Equal(
            [BudgetVerdict.Granted, BudgetVerdict.Granted, BudgetVerdict.Held], Enumerable.Range(0, 3).Select(_ => _window.TryReserve(60, out var _)));
    }

    [Fact]
    public void Reserve_AfterTheLeaseIsOver_IsHeldUntilRedisLendsAgain()
    {
        Hear(lease: 100);
        _time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        var before = _window.TryReserve(10, out _);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var after = _window.TryReserve(10, out var wants);
        Hear(lease: 100);

        Assert.Equal(
            (BudgetVerdict.Granted, BudgetVerdict.Held, true, BudgetVerdict.Granted), (before, after, wants, _window.TryReserve(10, out _)));
    }

    [Fact]
    public void Reserve_BeforeRedisHasSaidAnything_IsUnknown() => Assert.Equal(BudgetVerdict.Unknown, _window.TryReserve(1, out _));

    [Fact]
    public void Settle_NotYetTold_IsNotSpentAgain()
    {
        Hear(lease: 100);
        _window.TryReserve(60, out _);
        _window.Settle(60, 100);

        Assert.Equal(BudgetVerdict.Held, _window.TryReserve(1, out _));
    }

    [Fact]
    public void GiveBack_OfACallThatWasNotLetIn_IsFreeAgain()
    {
        Hear(lease: 100);
        _window.TryReserve(100, out _);
        _window.GiveBack(100);

        Assert.Equal(BudgetVerdict.Granted, _window.TryReserve(1, out _));
    }

    [Fact]
    public void Target_OfAnIdleWindow_IsWhatIsUnderWayOnly()
    {
        Hear(lease: 100);
        _window.TryReserve(60, out _);
        var busy = _window.Target(0, isEnding: false);
        _window.GiveBack(60);
        Hear(lease: 100);
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.True(busy > 60);
        Assert.Equal(0, _window.Target(0, isEnding: false));
        Assert.True(_window.TryClose());
        Assert.Equal(BudgetVerdict.Closed, _window.TryReserve(1, out _));
    }

    [Fact]
    public void Hear_ThresholdsReached_TellsEachOnce()
    {
        Assert.Empty(Hear(spent: 0.499999999m));
        Assert.Equal([50], Hear(spent: 0.5m));
        Assert.Empty(Hear(spent: 0.6m));
        Assert.Equal([100], Hear(spent: 1.2m));
        Assert.Empty(Hear(spent: 1.3m));
    }

    private IReadOnlyList<int> Hear(long lease = 0, decimal spent = 0) => _window.Hear(0, new(lease, Nano.Of(spent), true), _time.GetTimestamp(), Lease);
}
