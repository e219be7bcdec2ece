using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Sessions;

internal sealed class ChatSessionOptions
{
    public const string Section = "Sessions";

    /// <summary>A session nobody spoke in for so long begins anew under its id.</summary>
    [Range(1, 60 * 24 * 30)]
    public int TimeoutMinutes { get; init; } = 240;

    [Range(1, 24 * 30)]
    public int UiStateHours { get; init; } = 24;

    /// <summary>How many copies the service keeps for times without Redis.</summary>
    [Range(1, 1_000_000)]
    public int LocalCopies { get; init; } = 10_000;

    [Required]
    public string DefaultPersona { get; init; } = "web_assistant";

    public TimeSpan Timeout => TimeSpan.FromMinutes(TimeoutMinutes);

    public TimeSpan UiStateLifetime => TimeSpan.FromHours(UiStateHours);
}

[OptionsValidator]
internal sealed partial class ChatSessionOptionsValidator : IValidateOptions<ChatSessionOptions>;
