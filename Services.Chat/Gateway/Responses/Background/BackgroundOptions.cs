using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Gateway.Responses.Background;

internal sealed class BackgroundOptions
{
    public const string Section = "Gateway:Background";

    /// <summary>Responses made at once, per replica.</summary>
    [Range(1, 256)]
    public int Concurrency { get; init; } = 8;

    /// <summary>Responses that may wait, per replica; past that, callers are told to come back.</summary>
    [Range(1, 10_000)]
    public int QueueLength { get; init; } = 64;
}

[OptionsValidator]
internal sealed partial class BackgroundOptionsValidator : IValidateOptions<BackgroundOptions>;
