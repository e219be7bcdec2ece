using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses.Storage;

/// <summary>How responses are kept for who wants to read them again or to go on from them.</summary>
internal sealed class ResponseStorageOptions
{
    public const string Section = "Gateway:Responses";

    /// <summary>False keeps none: every response is as if it had been asked for with store: false.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>What the kept contents are encrypted with, the same for all replicas. Without it each replica makes a key of its own, for as long as it lives.</summary>
    [MinLength(32)]
    public string? Key { get; init; }

    [Range(1, 1440)]
    public int Minutes { get; init; } = 360;

    /// <summary>A response with its conversation that is larger is not kept.</summary>
    [Range(1, 16384)]
    public int MaxKilobytes { get; init; } = 1024;

    /// <summary>When a user has more, the oldest goes.</summary>
    [Range(1, 10_000)]
    public int MaxPerUser { get; init; } = 200;

    public TimeSpan Lifetime => TimeSpan.FromMinutes(Minutes);
}

[OptionsValidator]
internal sealed partial class ResponseStorageOptionsValidator : IValidateOptions<ResponseStorageOptions>;
