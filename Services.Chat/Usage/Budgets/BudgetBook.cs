using System.Collections.Concurrent;
using System.Collections.Frozen;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>All budgets as they were last read, and the windows of those that are being spent from here.</summary>
internal sealed class BudgetBook(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<(BudgetKey Key, string Period, DateOnly Start), BudgetWindow> _windows = new();
    private volatile FrozenDictionary<BudgetKey, Budget[]>? _budgets;

    /// <summary>False until they could be read once: until then nobody knows who has one.</summary>
    public bool IsRead => _budgets is not null;

    public ICollection<BudgetWindow> Windows => _windows.Values;

    public void Replace(IEnumerable<Budget> budgets) =>
        _budgets = budgets.GroupBy(budget => budget.Key).ToFrozenDictionary(same => same.Key, same => same.ToArray());

    /// <summary>The windows that a call of that caller at that time is in.</summary>
    public IReadOnlyList<BudgetWindow> Of(ModelCaller caller, DateTimeOffset time)
    {
        if (_budgets is not { Count: > 0 } budgets)
        {
            return [];
        }

        var windows = new List<BudgetWindow>();

        foreach (var key in BudgetKey.Of(caller))
        {
            foreach (var budget in budgets.GetValueOrDefault(key) ?? [])
            {
                var start = BudgetPeriod.StartOf(budget.Period, time);
                var window = _windows.GetOrAdd(
                    (key, budget.Period, start), static (at, from) => new BudgetWindow(from.budget, at.Start, from.timeProvider), (budget, timeProvider));
                window.Budget = budget;
                windows.Add(window);
            }
        }

        return windows;
    }

    public void Forget(BudgetWindow window) => _windows.TryRemove(new((window.Key, window.Budget.Period, window.Start), window));
}
