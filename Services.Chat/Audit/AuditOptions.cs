using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Audit;

internal sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>How often a replica looks for events to send to the Api.</summary>
    [Range(0.05, 3600)]
    public double PollSeconds { get; init; } = 2;
}

[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
