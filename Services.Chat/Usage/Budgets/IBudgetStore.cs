using AiPlatform.Services.Chat.Audit;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>Budgets and the alerts they raised.</summary>
internal interface IBudgetStore
{
    /// <summary>What differs after every change of any budget; cheap to ask for.</summary>
    Task<BudgetMark> ReadMarkAsync(CancellationToken cancellationToken);

    /// <summary>Those of all practices, for the process itself: calls are measured by them.</summary>
    Task<IReadOnlyList<Budget>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>With what was spent of each, as far as its calls are rows; in the order of their place.</summary>
    Task<IReadOnlyList<BudgetStanding>> ListAsync(Guid practiceId, BudgetPlace? after, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    Task<(Budget Budget, int Version)?> FindAsync(Guid practiceId, BudgetKey key, string period, CancellationToken cancellationToken);

    /// <summary>Sets the budget, if it is as the caller read it.</summary>
    /// <param name="may">Asked with the version that it has, null for none; what it throws leaves everything as it was. May be asked again.</param>
    /// <returns>The version that it has now.</returns>
    Task<int> PutAsync(Guid practiceId, Budget budget, Action<int?> may, AuditEvent audited, CancellationToken cancellationToken);

    /// <inheritdoc cref="PutAsync" path="/param"/>
    Task DeleteAsync(Guid practiceId, BudgetKey key, string period, Action<int?> may, AuditEvent audited, CancellationToken cancellationToken);

    /// <summary>What each subject's calls that began within the period cost, as far as they are rows, which are read once; in the order of the keys.</summary>
    Task<IReadOnlyList<decimal>> SumAsync(Guid practiceId, IReadOnlyList<BudgetKey> keys, DateOnly start, DateTimeOffset end, CancellationToken cancellationToken);

    /// <returns>False when that threshold was told of in that period before.</returns>
    Task<bool> TryAddAlertAsync(Guid practiceId, BudgetAlert alert, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<BudgetAlert>> ListAlertsAsync(Guid practiceId, Guid? before, int limit, CancellationToken cancellationToken);
}

internal sealed record BudgetMark(long Count, DateTimeOffset? ChangedAt);

internal sealed record BudgetStanding(Budget Budget, decimal SpentUsd);

/// <summary>A budget's place in the list of a practice.</summary>
internal sealed record BudgetPlace(string Scope, Guid SubjectId, string Period);
