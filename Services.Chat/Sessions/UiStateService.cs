namespace AiPlatform.Services.Chat.Sessions;

/// <summary>Applies what the UI reports about itself.</summary>
internal sealed class UiStateService(IUiStateStore store)
{
    public async Task<UiStateOutcome> ApplyAsync(ChatSessionKey session, UiStateChange change, CancellationToken cancellationToken)
    {
        var stale = false;
        var state = await store.UpdateAsync(
            session,
            current =>
            {
                stale = change.IsStaleFor(current);
                return stale ? current : change.Apply(current);
            },
            cancellationToken);
        return new(!stale, state.LastUpdated);
    }
}

/// <param name="LastUpdated">Of the state as it is now, whether or not the change went in.</param>
internal sealed record UiStateOutcome(bool Applied, DateTimeOffset LastUpdated);
