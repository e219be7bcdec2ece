using System.Collections.Concurrent;
using System.Globalization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Usage.Settling;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>
/// Lets a call go to endpoints while every budget it is in has something left, by what this replica holds of each. Only where it holds nothing, which is
/// before the first call of a period and when others hold the rest, a call waits for the slice that is on its way.
/// </summary>
internal sealed class BudgetGate(BudgetBook book, UsageQueue queue, IOptions<BudgetOptions> options, TimeProvider timeProvider)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<ModelCall, BudgetReservation> _underWay = new();

    public ValueTask ReserveAsync(ModelCall call, CancellationToken cancellationToken)
    {
        // What costs nothing is nobody's to pay for.
        if (call.Start.Group.Prices is not { } prices || Estimate(call, prices) is not (> 0 and var amount))
        {
            return ValueTask.CompletedTask;
        }

        if (!book.IsRead)
        {
            throw Unavailable();
        }

        return book.Of(call.Start.Caller, call.StartedAt) is { Count: > 0 } windows ? ReserveAsync(call, windows, amount, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <returns>Null for a call that is in no budget.</returns>
    public BudgetReservation? Take(ModelCall call) => _underWay.TryRemove(call, out var reservation) ? reservation : null;

    private async ValueTask ReserveAsync(ModelCall call, IReadOnlyList<BudgetWindow> windows, long amount, CancellationToken cancellationToken)
    {
        while (!await TryReserveAsync(call, windows, amount, cancellationToken))
        {
            windows = book.Of(call.Start.Caller, call.StartedAt);
        }
    }

    /// <returns>False when one of them was given up meanwhile.</returns>
    private async ValueTask<bool> TryReserveAsync(ModelCall call, IReadOnlyList<BudgetWindow> windows, long amount, CancellationToken cancellationToken)
    {
        var reserved = new List<BudgetWindow>(windows.Count);
        var isWhole = false;

        try
        {
            foreach (var window in windows)
            {
                if (!await TryReserveAsync(window, amount, cancellationToken))
                {
                    return false;
                }

                reserved.Add(window);
            }

            _underWay[call] = new(reserved, amount);
            return isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                reserved.ForEach(window => window.GiveBack(amount));
            }
        }
    }

    private async ValueTask<bool> TryReserveAsync(BudgetWindow window, long amount, CancellationToken cancellationToken)
    {
        var since = timeProvider.GetTimestamp();

        for (var isFirst = true; ; isFirst = false)
        {
            // Before the question, so that no answer is missed.
            var changed = window.Changed;
            var verdict = window.TryReserve(amount, out var wants);

            if (wants)
            {
                queue.Nudge();
            }

            switch (verdict)
            {
                case BudgetVerdict.Granted:
                    return true;
                case BudgetVerdict.Closed:
                    return false;
                case BudgetVerdict.Spent:
                    throw Spent(window);
            }

            var left = options.Value.Wait - timeProvider.GetElapsedTime(since);

            if (left <= TimeSpan.Zero || queue.IsAway)
            {
                throw verdict == BudgetVerdict.Held && !queue.IsAway ? Held(window) : Unavailable();
            }

            // The first answer may bring a slice; after that it is others who have to give some back.
            await (isFirst ? changed.WaitAsync(left, timeProvider, cancellationToken) : Task.Delay(AskAgain, timeProvider, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private long Estimate(ModelCall call, Models.Catalogue.ModelPrices prices) => Nano.Of(prices.CostOf(
        new(call.Start.InputEstimate, call.Start.Kind == ModelCallKind.Embeddings ? 0 : Math.Min(call.Start.MaxOutput ?? options.Value.OutputTokens, int.MaxValue))));

    private DomainException Spent(BudgetWindow window) => new(
        DomainErrorKind.RateLimited,
        "budget.exceeded",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The budget of the {window.Key.Scope} for this {window.Budget.Period} is spent. The next {window.Budget.Period} begins on {window.End:yyyy-MM-dd} UTC."))
    {
        RetryAfter = window.End - timeProvider.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.FromSeconds(1),
    };

    private DomainException Held(BudgetWindow window) => new(
        DomainErrorKind.RateLimited, "budget.held", $"What is left of the budget of the {window.Key.Scope} is set aside for other calls just now.")
    {
        RetryAfter = options.Value.Lease,
    };

    private static DomainException Unavailable() => new(
        DomainErrorKind.Unavailable, "budget.unavailable", "What is left of the budget cannot be found out now.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };
}

/// <summary>What one call has set aside, of each budget it is in.</summary>
internal sealed record BudgetReservation(IReadOnlyList<BudgetWindow> Windows, long Amount)
{
    /// <summary>The call is over, and was nothing: not let in after all.</summary>
    public void GiveBack()
    {
        foreach (var window in Windows)
        {
            window.GiveBack(Amount);
        }
    }

    public void Settle(long cost)
    {
        foreach (var window in Windows)
        {
            window.Settle(Amount, cost);
        }
    }
}
