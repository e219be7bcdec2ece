using System.Security.Cryptography;
using System.Text;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>What a run gives to its tool calls. Token and profile belong to the run and to nothing that outlives it.</summary>
internal sealed record ToolScope(
    Guid RunId, string Persona, CurrentUser User, ChatSessionKey Session, Func<CancellationToken, ValueTask<string>> Token, string CorrelationId);

/// <summary>What one tool call works in.</summary>
/// <param name="UiState">The screen as it was when the call was admitted.</param>
internal sealed record ToolContext(ToolScope Run, string ToolCallId, UiState UiState, IUiStateStore UiStates)
{
    /// <summary>Names the call within its run, in the ledger and in idempotency keys.</summary>
    public string CallKey => IsPlain(ToolCallId) ? ToolCallId : Hash(ToolCallId);

    /// <summary>The run's identity for a read at a neighbour.</summary>
    public async ValueTask<ServiceCall> ReadAsync(CancellationToken cancellationToken) =>
        new(await Run.Token(cancellationToken), Run.User.Role is UserRole.Practitioner ? Run.User.ProfileId : null, Run.CorrelationId);

    /// <summary>The same for a write, which a repeat of this call must not do twice.</summary>
    public async ValueTask<ServiceCall> WriteAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken) with { IdempotencyKey = $"{Run.RunId}:{CallKey}" };

    public ValueTask<UiState> UpdateUiStateAsync(Func<UiState, UiState> change, CancellationToken cancellationToken) =>
        UiStates.UpdateAsync(Run.Session, change, cancellationToken);

    // Model servers choose call ids as they like, some of them kilobytes long; the key goes into a header.
    private static bool IsPlain(string callId) => callId.Length <= 128 && callId.All(static c => c is > ' ' and <= '~');

    private static string Hash(string callId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callId)));
}
