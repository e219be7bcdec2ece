using System.ComponentModel.DataAnnotations;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Keys.Limits;

internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>What each user may ask of models, by keys, tokens and agents together; nothing is limited when absent.</summary>
    [ValidateObjectMembers]
    public LimitSettings PerUser { get; init; } = new();

    /// <summary>What each practice may.</summary>
    [ValidateObjectMembers]
    public LimitSettings PerPractice { get; init; } = new();

    /// <summary>After how long the places that a dead replica held in flight are free again.</summary>
    [Range(1, 60)]
    public int LeaseSeconds { get; init; } = 10;

    /// <summary>How often a replica renews what it holds and gives back what it does not use.</summary>
    [Range(0.05, 10)]
    public double BeatSeconds { get; init; } = 1;

    /// <summary>How long a call whose replica has nothing left waits for Redis to give it more; then Redis counts as away.</summary>
    [Range(10, 10_000)]
    public int PatienceMilliseconds { get; init; } = 250;
}

internal sealed class LimitSettings
{
    [Range(1, 1_000_000)]
    public int? RequestsPerMinute { get; init; }

    [Range(1, 1_000_000_000)]
    public int? TokensPerMinute { get; init; }

    [Range(1, 10_000)]
    public int? Concurrency { get; init; }

    public CallerLimits ToLimits() => new(RequestsPerMinute, TokensPerMinute, Concurrency);
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
