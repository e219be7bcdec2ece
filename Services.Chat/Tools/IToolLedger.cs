using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>Which writes went out and what they came to, so that a repeat of a call neither does it twice nor has to guess.</summary>
internal interface IToolLedger
{
    /// <summary>Records that a write is about to go out, or says what is known of an earlier one under its key.</summary>
    /// <param name="argumentsHash">Equal for calls that ask for the same thing.</param>
    Task<LedgerEntry> BeginAsync(LedgerKey key, string tool, string argumentsHash, CancellationToken cancellationToken);

    /// <summary>Records what the write came to. The first outcome stands.</summary>
    Task SettleAsync(LedgerKey key, LedgerOutcome outcome, CancellationToken cancellationToken);
}

internal sealed record LedgerKey(Guid PracticeId, Guid RunId, string CallKey);

internal enum LedgerState
{
    /// <summary>Nobody has made this call before.</summary>
    Begun,

    /// <summary>Somebody began it, and whether it was done is not known: it may be made again under the same key, and under no other.</summary>
    InDoubt,
    Settled,

    /// <summary>The key belongs to a call of another tool or with other arguments.</summary>
    OtherCall,
}

/// <param name="Outcome">Set when settled.</param>
internal sealed record LedgerEntry(LedgerState State, LedgerOutcome? Outcome = null);

/// <summary>What a repeat of the call is answered with: the error, or what was made, by its id and without its text.</summary>
internal sealed record LedgerOutcome(
    string Message, ToolError? Error, IReadOnlyList<DocumentSummary> Documents, IReadOnlyList<UiAction> UiActions);
