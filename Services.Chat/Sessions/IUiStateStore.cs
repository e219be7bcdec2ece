namespace AiPlatform.Services.Chat.Sessions;

/// <summary>
/// UI state per chat session, 24 hours in Redis from the last write. While Redis is away an in-process copy serves and is
/// written back later. A write is visible to the next read on any replica.
/// </summary>
internal interface IUiStateStore
{
    ValueTask<UiState> ReadAsync(ChatSessionKey session, CancellationToken cancellationToken);

    /// <summary>Applies a change made by the service itself (a tool), atomically; leaves <see cref="UiState.LastUpdated"/> as it is.</summary>
    ValueTask<UiState> UpdateAsync(ChatSessionKey session, Func<UiState, UiState> change, CancellationToken cancellationToken);
}
