using System.Diagnostics.Metrics;
using System.Threading.Channels;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Usage.Settling;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>
/// What budgets need of MySQL, off the way of calls: what was spent before Redis counted, and a row for each threshold that is reached. Of
/// all replicas that see a threshold reached the one whose row it becomes says so, in log and metric.
/// </summary>
internal sealed partial class BudgetDesk(IBudgetStore store, UsageQueue queue, TimeProvider timeProvider, ILogger<BudgetDesk> logger) : BackgroundService
{
    private const int MaxWaiting = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly Meter Meter = new("AiPlatform.Services.Chat");
    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>("aiplatform.budget.alerts", "{alert}", "Thresholds of budgets that were reached.");

    private readonly Channel<Chore> _chores = Channel.CreateBounded<Chore>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>Has it looked up what was spent in that window, when Redis does not know and nobody looks yet.</summary>
    public void Seed(BudgetWindow window)
    {
        // When there is no place it is asked again at the next beat.
        if (window.TryBeginSeeding() && !_chores.Writer.TryWrite(new([window], null)))
        {
            window.EndSeeding(null);
        }
    }

    public void Raise(BudgetWindow window, int threshold, long spent)
    {
        var alert = new BudgetAlert(
            Guid.CreateVersion7(timeProvider.GetUtcNow()), window.Key, window.Budget.Period, window.Start, threshold, window.Budget.AmountUsd, Nano.ToUsd(spent), timeProvider.GetUtcNow());

        if (!_chores.Writer.TryWrite(new([window], alert)))
        {
            LogUnstored(window.Key.Scope, window.Key.SubjectId, window.Key.PracticeId, threshold);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _chores.Reader.WaitToReadAsync(stoppingToken))
        {
            foreach (var chore in TakeWaiting())
            {
                while (!await TryDoAsync(chore, stoppingToken))
                {
                    await Task.Delay(Pause, timeProvider, stoppingToken);
                }
            }
        }
    }

    // When Redis lost its counts all budgets are asked for at once: what is summed of one practice and period is summed for all of them.
    private List<Chore> TakeWaiting()
    {
        var (alerts, windows) = (new List<Chore>(), new List<BudgetWindow>());

        while (_chores.Reader.TryRead(out var chore))
        {
            if (chore.Alert is null)
            {
                windows.AddRange(chore.Windows);
            }
            else
            {
                alerts.Add(chore);
            }
        }

        return [.. windows.GroupBy(window => (window.Key.PracticeId, window.Start, window.End)).Select(same => new Chore([.. same], null)), .. alerts];
    }

    private async Task<bool> TryDoAsync(Chore chore, CancellationToken cancellationToken)
    {
        try
        {
            if (chore.Alert is { } alert)
            {
                await RaiseAsync(alert, cancellationToken);
            }
            else
            {
                await SeedAsync(chore.Windows, cancellationToken);
            }

            return true;
        }
        catch (DatabaseUnavailableException)
        {
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, chore.Windows.Count, chore.Windows[0].Key.PracticeId);

            foreach (var window in chore.Alert is null ? chore.Windows : [])
            {
                window.EndSeeding(null);
            }

            return true;
        }
    }

    private async Task SeedAsync(IReadOnlyList<BudgetWindow> windows, CancellationToken cancellationToken)
    {
        var spent = await store.SumAsync(windows[0].Key.PracticeId, [.. windows.Select(window => window.Key)], windows[0].Start, windows[0].End, cancellationToken);

        foreach (var (window, usd) in windows.Zip(spent))
        {
            window.EndSeeding(Nano.Of(usd));
        }

        queue.Nudge();
    }

    private async Task RaiseAsync(BudgetAlert alert, CancellationToken cancellationToken)
    {
        if (await store.TryAddAlertAsync(alert.Key.PracticeId, alert, cancellationToken))
        {
            LogReached(alert.Key.Scope, alert.Key.SubjectId, alert.Key.PracticeId, alert.Period, alert.Start, alert.Threshold, alert.AmountUsd, alert.SpentUsd);
            Alerts.Add(1, new("aiplatform.budget.scope", alert.Key.Scope), new("aiplatform.budget.period", alert.Period), new("aiplatform.budget.threshold", alert.Threshold));
        }
    }

    [LoggerMessage(LogLevel.Warning, "The budget of {Scope} {SubjectId} of practice {PracticeId} for the {Period} from {Start} reached {Threshold} % of {AmountUsd} USD: {SpentUsd} USD.")]
    private partial void LogReached(string scope, Guid subjectId, Guid practiceId, string period, DateOnly start, int threshold, decimal amountUsd, decimal spentUsd);

    [LoggerMessage(LogLevel.Error, "That the budget of {Scope} {SubjectId} of practice {PracticeId} reached {Threshold} % has no place to be stored.")]
    private partial void LogUnstored(string scope, Guid subjectId, Guid practiceId, int threshold);

    [LoggerMessage(LogLevel.Error, "What {Count} budgets of practice {PracticeId} need of MySQL could not be done.")]
    private partial void LogFailed(Exception exception, int count, Guid practiceId);

    /// <param name="Windows">The alert's, or those of one practice and period.</param>
    /// <param name="Alert">Null to look up what was spent.</param>
    private sealed record Chore(IReadOnlyList<BudgetWindow> Windows, BudgetAlert? Alert);
}

/// <param name="Threshold">In percent.</param>
/// <param name="SpentUsd">When it was noticed.</param>
internal sealed record BudgetAlert(
    Guid Id, BudgetKey Key, string Period, DateOnly Start, int Threshold, decimal AmountUsd, decimal SpentUsd, DateTimeOffset RaisedAt);
