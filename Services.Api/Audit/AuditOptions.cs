using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Audit;

/// <summary>How long events are kept, and how many may wait to be written.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>How old an event may become; never less than <see cref="AuditIntakeRules.OldestDays"/>, within which a repeated event is known.</summary>
    [Range(AuditIntakeRules.OldestDays, 36_500)]
    public int RetentionDays { get; init; } = 2_555;

    /// <summary>Reads that may wait to be recorded; the next one records itself before it is answered.</summary>
    [Range(1, 100_000)]
    public int QueueLength { get; init; } = 4_096;
}

[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
