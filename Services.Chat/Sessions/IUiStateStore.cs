namespace AiPlatform.Services.Chat.Sessions;

/// <summary>
/// UI state per chat session, 24 hours in Redis from the last write. While Redis is away an in-process copy serves and is
/// written back later, as long as there is room for copies. A write is visible to the next read on any replica.
/// </summary>
internal interface IUiStateStore
{
    ValueTask<UiState> ReadAsync(ChatSessionKey session, CancellationToken cancellationToken);

    /// <summary>Applies a change made by the service itself (a tool), atomically; leaves <see cref="UiState.LastUpdated"/> as it is.</summary>
    /// <exception cref="ServiceDefaults.Errors.DependencyUnavailableException">It could not be kept anywhere, or others were faster each time.</exception>
    ValueTask<UiState> UpdateAsync(ChatSessionKey session, Func<UiState, UiState> change, CancellationToken cancellationToken);
}
