using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Records;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>
/// Has every call counted that was let in, whatever became of it, and endpoints asked only where budgets have money for it. Nothing is let in
/// that could not be counted.
/// </summary>
internal sealed class UsageObserver(UsageQueue queue, UsageLog log, BudgetGate budgets, IOptions<UsageOptions> options) : IModelCallObserver
{
    public ValueTask AdmitAsync(ModelCall call, CancellationToken cancellationToken) =>
        queue.Count < options.Value.QueueLength && log.Length < options.Value.BacklogLength
            ? ValueTask.CompletedTask
            : throw new DomainException(DomainErrorKind.Unavailable, "usage.backlog", "Too many calls wait to be counted; try again later.") { RetryAfter = TimeSpan.FromSeconds(1) };

    public ValueTask ReserveAsync(ModelCall call, CancellationToken cancellationToken) => budgets.ReserveAsync(call, cancellationToken);

    public void Settled(ModelCall call)
    {
        var reservation = budgets.Take(call);

        // What was refused has cost nothing, and is the caller's to repeat as often as they like.
        if (call.Outcome == ModelCallOutcome.Refused)
        {
            reservation?.GiveBack();
            return;
        }

        var settled = SettledCall.Of(call);
        var cost = Nano.Of(settled.CostUsd);
        reservation?.Settle(cost);
        queue.Add(new(settled, cost, reservation));
    }
}
