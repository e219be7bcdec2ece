using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Models.Routing;

internal sealed class RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>How often replicas look at what the others know of endpoints.</summary>
    [Range(0.05, 60)]
    public double BeatSeconds { get; init; } = 1;
}

[OptionsValidator]
internal sealed partial class RoutingOptionsValidator : IValidateOptions<RoutingOptions>;
