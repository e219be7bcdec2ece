namespace AiPlatform.Services.Chat.Events;

/// <summary>What the run log says about a run beside its frames.</summary>
/// <param name="Seq">The last frame's; 0 before the first.</param>
/// <param name="IsOwned">A replica answers for the run right now.</param>
internal sealed record RunHead(Guid UserId, string SessionId, string Epoch, long Seq, bool Ended, bool IsOwned);
