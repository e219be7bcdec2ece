using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>How budgets are divided among replicas.</summary>
internal sealed class BudgetOptions
{
    public const string Section = "Budgets";

    /// <summary>How long a replica may spend from a slice without having it renewed. What a dead replica held comes back after it.</summary>
    [Range(1, 300)]
    public int LeaseSeconds { get; init; } = 10;

    /// <summary>How often slices are renewed, and given back when nothing is spent.</summary>
    [Range(10, 60_000)]
    public int BeatMilliseconds { get; init; } = 1000;

    /// <summary>The longest a call waits for a slice, the first of a period or one that others hold just now.</summary>
    [Range(1, 30_000)]
    public int WaitMilliseconds { get; init; } = 2000;

    /// <summary>How often it is looked whether budgets were changed; who changes one tells the other replicas at once.</summary>
    [Range(100, 600_000)]
    public int PollMilliseconds { get; init; } = 5000;

    /// <summary>Tokens that are set aside for the answer of a call that sets no bound itself.</summary>
    [Range(1, 1_000_000)]
    public int OutputTokens { get; init; } = 1024;

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public TimeSpan Beat => TimeSpan.FromMilliseconds(BeatMilliseconds);

    public TimeSpan Wait => TimeSpan.FromMilliseconds(WaitMilliseconds);

    public TimeSpan Poll => TimeSpan.FromMilliseconds(PollMilliseconds);
}

[OptionsValidator]
internal sealed partial class BudgetOptionsValidator : IValidateOptions<BudgetOptions>;
