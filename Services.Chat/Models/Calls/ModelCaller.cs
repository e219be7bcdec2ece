using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>In whose name a model is called. From a verified token or key, never from a payload.</summary>
/// <param name="Persona">The agent's role; null for callers of the gateway.</param>
/// <param name="KeyId">The virtual key the caller came with; null for who came with a token.</param>
/// <param name="RunId">The run that the call is a round of.</param>
internal sealed record ModelCaller(
    Guid PracticeId, Guid UserId, UserRole Role, string? Persona = null, Guid? KeyId = null, Guid? RunId = null)
{
    /// <summary>The limits of the key.</summary>
    public CallerLimits KeyLimits { get; init; } = CallerLimits.None;

    public static ModelCaller Of(CurrentUser user) => new(user.PracticeId, user.UserId, user.Role, RunId: user.RunId);
}
