using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage;

/// <summary>How calls are counted, and what may wait meanwhile.</summary>
internal sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <summary>The key in Redis where settled calls wait for MySQL. Systems that share a Redis have one each.</summary>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string Stream { get; init; } = "usage:calls";

    /// <summary>
    /// Settled calls that may wait for Redis in one replica, and with those that are under way the most that its death loses. While so many
    /// wait, further calls are refused.
    /// </summary>
    [Range(1, 1_000_000)]
    public int QueueLength { get; init; } = 20_000;

    /// <summary>Settled calls that may wait in Redis for MySQL. While so many wait, further calls are refused.</summary>
    [Range(1, 10_000_000)]
    public int BacklogLength { get; init; } = 1_000_000;

    /// <summary>How often Redis is asked for calls to write to MySQL after there were none; while there are some, every 20 ms.</summary>
    [Range(1, 60_000)]
    public int WriteMilliseconds { get; init; } = 500;

    /// <summary>Calls that a replica has taken to write and has not written for so long are another's to write.</summary>
    [Range(1, 3600)]
    public int ClaimSeconds { get; init; } = 30;

    /// <summary>Days, in UTC and beside the one that is now, for which the rows of calls are kept. More than a month, by which budgets are reckoned.</summary>
    [Range(62, 36_500)]
    public int RetentionDays { get; init; } = 400;

    public TimeSpan Write => TimeSpan.FromMilliseconds(WriteMilliseconds);

    /// <summary>The first day of which all rows are there.</summary>
    public DateOnly KeptFrom(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime).AddDays(-RetentionDays);

    public TimeSpan Claim => TimeSpan.FromSeconds(ClaimSeconds);
}

[OptionsValidator]
internal sealed partial class UsageOptionsValidator : IValidateOptions<UsageOptions>;
