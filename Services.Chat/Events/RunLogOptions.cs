using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Events;

internal sealed class RunLogOptions
{
    public const string Section = "RunLog";

    /// <summary>How long a run can be resumed after it ended.</summary>
    [Range(1, 24 * 60)]
    public int RetentionMinutes { get; init; } = 10;

    /// <summary>How long a log outlives its last sign of life while the run has not ended.</summary>
    [Range(1, 48 * 60)]
    public int AbandonedMinutes { get; init; } = 60;

    /// <summary>How long a run stays its replica's without renewal. Renewed three times as often.</summary>
    [Range(1, 300)]
    public int LeaseSeconds { get; init; } = 15;

    /// <summary>How long a frame may wait for Redis. After that it goes out without: the run's log is degraded and says so.</summary>
    [Range(50, 5000)]
    public int AppendMilliseconds { get; init; } = 1500;

    /// <summary>How much of ended runs' logs waits in memory for Redis to come back; the oldest are given up for newer ones.</summary>
    [Range(1, 100_000)]
    public int WaitingMegabytes { get; init; } = 256;

    public TimeSpan Append => TimeSpan.FromMilliseconds(AppendMilliseconds);

    public TimeSpan Retention => TimeSpan.FromMinutes(RetentionMinutes);

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public TimeSpan Renewal => Lease / 3;
}

[OptionsValidator]
internal sealed partial class RunLogOptionsValidator : IValidateOptions<RunLogOptions>;
