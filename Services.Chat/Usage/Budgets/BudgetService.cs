using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Audit;
using AiPlatform.Services.Chat.Usage.Records;
using AiPlatform.Services.Chat.Usage.Reports;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>Budgets are seen and set by those who lead the practice, for it, the people in it and its keys.</summary>
internal sealed class BudgetService(IBudgetStore store, BudgetReader reader, TimeProvider timeProvider)
{
    private const decimal MostUsd = 1_000_000m;
    private const int AmountDecimals = 6;
    private const int MostThresholds = 10;

    // No budget's, so that only * matches it.
    private const int NoVersion = 0;

    public async Task<BudgetListResponse> ListAsync(CurrentUser user, string? cursor, int limit, CancellationToken cancellationToken)
    {
        EnsureLeads(user);
        var now = timeProvider.GetUtcNow();
        var found = await store.ListAsync(user.PracticeId, PlaceOf(cursor), limit + 1, now, cancellationToken);
        var next = found.Count > limit ? CursorOf(found[limit - 1].Budget) : null;
        return new([.. found.Take(limit).Select(standing => ToResponse(standing, now))], next);
    }

    public async Task<BudgetAlertListResponse> ListAlertsAsync(CurrentUser user, Guid? cursor, int limit, CancellationToken cancellationToken)
    {
        EnsureLeads(user);
        var found = await store.ListAlertsAsync(user.PracticeId, cursor, limit + 1, cancellationToken);
        return new([.. found.Take(limit).Select(ToResponse)], found.Count > limit ? found[limit - 1].Id : null);
    }

    /// <exception cref="DomainException">budget.not_found</exception>
    public async Task<(BudgetResponse Budget, int Version)> GetAsync(BudgetKey key, string period, CancellationToken cancellationToken) =>
        await store.FindAsync(key.PracticeId, key, period, cancellationToken) is var (budget, version) ? (ToResponse(budget), version) : throw Missing();

    /// <param name="ifMatch">As it came: a budget that is not there yet is set without, one that is there is not overwritten unseen.</param>
    public async Task<(BudgetResponse Budget, int Version)> PutAsync(
        CurrentUser user, BudgetKey key, string period, BudgetRequest request, string? ifMatch, CancellationToken cancellationToken)
    {
        var budget = new Budget(key, period, AmountOf(request), ThresholdsOf(request));
        var version = await store.PutAsync(
            key.PracticeId,
            budget,
            held =>
            {
                if (held is { } known)
                {
                    IfMatch.Read(ifMatch).Ensure(known);
                }
                else if (ifMatch is not null)
                {
                    IfMatch.Read(ifMatch).Ensure(NoVersion);
                }
            },
            Audited(user, AuditActions.BudgetSet, key, period),
            cancellationToken);
        await reader.ChangedAsync(cancellationToken);
        return (ToResponse(budget), version);
    }

    public async Task DeleteAsync(CurrentUser user, BudgetKey key, string period, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(
            key.PracticeId, key, period, held => ifMatch.Ensure(held ?? throw Missing()), Audited(user, AuditActions.BudgetRemoved, key, period), cancellationToken);
        await reader.ChangedAsync(cancellationToken);
    }

    /// <summary>Whose budget it is, for who may set it.</summary>
    /// <exception cref="DomainException">budget.forbidden; budget.not_found for another practice's.</exception>
    public static BudgetKey KeyOf(CurrentUser user, string scope, Guid subjectId)
    {
        EnsureLeads(user);
        return scope == BudgetScope.Practice && subjectId != user.PracticeId ? throw Missing() : new(user.PracticeId, scope, subjectId);
    }

    private static void EnsureLeads(CurrentUser user)
    {
        if (user.Role is not (UserRole.Owner or UserRole.Admin))
        {
            throw new DomainException(DomainErrorKind.Forbidden, "budget.forbidden", "Budgets are for those who lead the practice.");
        }
    }

    private static decimal AmountOf(BudgetRequest request) =>
        request.AmountUsd is { } amount && amount is >= 0 and <= MostUsd && decimal.Round(amount, AmountDecimals) == amount
            ? Money.Plain(amount)
            : throw Invalid("amountUsd", $"An amount from 0 to {MostUsd:0} USD, with at most {AmountDecimals} decimals.");

    private static IReadOnlyList<int> ThresholdsOf(BudgetRequest request) => request.Thresholds switch
    {
        null => Budget.DefaultThresholds,
        { Count: <= MostThresholds } given when given.All(threshold => threshold is >= 1 and <= 100) && given.Distinct().Count() == given.Count => [.. given.Order()],
        _ => throw Invalid("thresholds", $"At most {MostThresholds} different percentages from 1 to 100."),
    };

    private static BudgetPlace? PlaceOf(string? cursor) => UsageCursor.ReadText(cursor) is not { } text
        ? null
        : text.Split(' ') is [var scope, var subject, var period] && Guid.TryParseExact(subject, "D", out var subjectId)
            ? new(scope, subjectId, period)
            : throw UsageCursor.Invalid();

    // "user 0a000000-0000-7000-8000-000000000101 month", base64url
    private static string CursorOf(Budget budget) => UsageCursor.Write($"{budget.Key.Scope} {budget.Key.SubjectId} {budget.Period}");

    private static BudgetStandingResponse ToResponse(BudgetStanding standing, DateTimeOffset now)
    {
        var budget = standing.Budget;
        return new(
            budget.Key.Scope, budget.Key.SubjectId, budget.Period, Money.Plain(budget.AmountUsd), budget.Thresholds, Money.Plain(standing.SpentUsd),
            BudgetPeriod.EndOf(budget.Period, BudgetPeriod.StartOf(budget.Period, now)));
    }

    private static BudgetResponse ToResponse(Budget budget) =>
        new(budget.Key.Scope, budget.Key.SubjectId, budget.Period, Money.Plain(budget.AmountUsd), budget.Thresholds);

    // user:0a000000-0000-7000-8000-000000000101:month
    private AuditEvent Audited(CurrentUser user, string action, BudgetKey key, string period) =>
        AuditEvent.By(user, action, AuditRecords.Budget, $"{key.Scope}:{key.SubjectId}:{period}", timeProvider.GetUtcNow());

    private static BudgetAlertResponse ToResponse(BudgetAlert alert) => new(
        alert.Id, alert.Key.Scope, alert.Key.SubjectId, alert.Period, alert.Start, alert.Threshold, Money.Plain(alert.AmountUsd), Money.Plain(alert.SpentUsd), alert.RaisedAt);

    private static DomainException Missing() => new(DomainErrorKind.NotFound, "budget.not_found", "There is no such budget.");

    private static DomainException Invalid(string field, string message) =>
        new(DomainErrorKind.Invalid, "budget.invalid", "The body has faults; errors names them.") { Errors = [new(field, message, "budget.invalid")] };
}
