using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>How replies are kept for identical requests. Which groups keep them, for how long and for whom, says the catalogue.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Gateway:Cache";

    /// <summary>False keeps nothing, whatever the catalogue or a request says.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What entries are encrypted with in Redis, the same for all replicas. Without it each replica makes a key of its own. A new key makes every entry a miss.</summary>
    [MinLength(32)]
    public string? Key { get; init; }

    /// <summary>A reply that is larger is not kept.</summary>
    [Range(1, 16384)]
    public int MaxKilobytes { get; init; } = 1024;

    /// <summary>When a practice has more, those that would go first go.</summary>
    [Range(1, 100_000)]
    public int MaxPerPractice { get; init; } = 10_000;

    /// <summary>What a replica keeps in its memory at most, before Redis.</summary>
    [Range(1, 4096)]
    public int MemoryMegabytes { get; init; } = 64;

    /// <summary>How long an entry is served from memory before Redis is asked again.</summary>
    [Range(1, 300)]
    public int MemorySeconds { get; init; } = 10;

    /// <summary>How long Redis may take to say whether it has a reply; then the model is asked.</summary>
    [Range(10, 5000)]
    public int ReadMilliseconds { get; init; } = 500;

    /// <summary>How long a request waits for the reply to an identical one that is under way, until it asks for itself.</summary>
    [Range(0.05, 300)]
    public double WaitSeconds { get; init; } = 60;

    public int MaxBytes => MaxKilobytes * 1024;
}

[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;
