using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Keys;

internal sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>How often a replica asks the database which keys were changed: with Redis away, that is how long a revoked key may go on.</summary>
    [Range(0.05, 1)]
    public double PollSeconds { get; init; } = 0.5;

    /// <summary>How often the Api is asked whether those who made keys are still there and lead: that is how long a key may outlive its maker's place.</summary>
    [Range(0.05, 3600)]
    public double MakerSeconds { get; init; } = 30;

    /// <summary>How many secrets that nobody knows a replica looks up in the database in a second; callers with keys in use do not notice.</summary>
    [Range(1, 10_000)]
    public int UnknownPerSecond { get; init; } = 20;
}

[OptionsValidator]
internal sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
