using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Forwarding;

internal sealed class ForwardingOptions
{
    public const string Section = "Gateway";

    /// <summary>A stream that is silent for so long gets a comment, so that nobody on the way takes it for dead.</summary>
    [Range(0.05, 300)]
    public double KeepAliveSeconds { get; init; } = 15;

    [Range(1, 512)]
    public int MaxBodyMegabytes { get; init; } = 10;
}

[OptionsValidator]
internal sealed partial class ForwardingOptionsValidator : IValidateOptions<ForwardingOptions>;
