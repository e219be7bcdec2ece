using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tests.Agents;

/// <summary>One session's UI state, held by the test.</summary>
internal sealed class SessionScreen(UiState state) : IUiStateStore
{
    private readonly Lock _gate = new();

    public UiState State { get; private set; } = state;

    public static ChatSessionKey Key(CurrentUser user) => new(user.PracticeId, user.UserId, "chat-1");

    public ValueTask<UiState> ReadAsync(ChatSessionKey session, CancellationToken cancellationToken) => ValueTask.FromResult(State);

    public ValueTask<UiState> UpdateAsync(ChatSessionKey session, Func<UiState, UiState> change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            State = change(State);
            return ValueTask.FromResult(State);
        }
    }
}
