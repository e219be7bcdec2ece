using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <param name="AmountUsd">For each period; 0 lets nothing through that costs something.</param>
/// <param name="Thresholds">Percent of the amount at which an alert is raised, once a period each; 50, 80 and 100 when absent.</param>
internal sealed record BudgetRequest(decimal? AmountUsd, IReadOnlyList<int>? Thresholds);

/// <param name="Scope">practice, user or key.</param>
/// <param name="SubjectId">Whose it is: the practice's, a user's or a key's id.</param>
/// <param name="Period">day or month, in UTC.</param>
internal sealed record BudgetResponse(string Scope, Guid SubjectId, string Period, decimal AmountUsd, IReadOnlyList<int> Thresholds);

/// <param name="SpentUsd">In the period that is now, of calls that are over and written down.</param>
/// <param name="PeriodEnd">When it begins anew.</param>
internal sealed record BudgetStandingResponse(
    string Scope, Guid SubjectId, string Period, decimal AmountUsd, IReadOnlyList<int> Thresholds, decimal SpentUsd, DateTimeOffset PeriodEnd);

internal sealed record BudgetListResponse(IReadOnlyList<BudgetStandingResponse> Items, string? NextCursor);

/// <param name="Threshold">The percentage that was reached.</param>
/// <param name="AmountUsd">The budget's, when it was.</param>
internal sealed record BudgetAlertResponse(
    Guid Id, string Scope, Guid SubjectId, string Period, DateOnly PeriodStart, int Threshold, decimal AmountUsd, decimal SpentUsd, DateTimeOffset RaisedAt);

internal sealed record BudgetAlertListResponse(IReadOnlyList<BudgetAlertResponse> Items, Guid? NextCursor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BudgetResponse))]
[JsonSerializable(typeof(BudgetListResponse))]
[JsonSerializable(typeof(BudgetAlertListResponse))]
internal sealed partial class BudgetJsonContext : JsonSerializerContext;
