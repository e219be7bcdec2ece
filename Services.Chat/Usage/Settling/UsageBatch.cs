using AiPlatform.Services.Chat.Usage.Budgets;
using AiPlatform.Services.Chat.Usage.Records;

namespace AiPlatform.Services.Chat.Usage.Settling;

/// <summary>What one script is asked to do: calls to append, and of each budget what they cost and what is to be held of it from then on.</summary>
/// <param name="Number">Rises with each batch of this replica; the same when one is tried again.</param>
internal sealed record UsageBatch(long Number, IReadOnlyList<SettledCall> Calls, IReadOnlyList<BudgetShare> Shares);

internal sealed record BudgetShare(BudgetWindow Window, long Cost, long Target);
