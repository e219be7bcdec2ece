using System.Security.Cryptography;
using System.Text;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>
/// Lets a write out under its key at most once: begun in the ledger before it goes, settled there once it is known what it came to.
/// What is not known stays begun, and is asked for again under the same key, which the neighbour honours.
/// </summary>
internal sealed partial class WriteOnce(IToolLedger ledger, ILogger<WriteOnce> logger)
{
    public async Task<ToolOutcome> RunAsync(ToolCall call, ToolContext context, Func<Task<ToolOutcome>> write, CancellationToken cancellationToken)
    {
        var key = new LedgerKey(context.Run.Session.PracticeId, context.Run.RunId, context.CallKey);
        switch (await TryBeginAsync(key, call, cancellationToken))
        {
            case null:
                return ToolOutcome.Failed("upstream_error", "Nothing can be written at the moment; this was not begun.", retryable: true);
            case { State: LedgerState.OtherCall }:
                return ToolOutcome.Failed("conflict", "Another call was made under this id.");
            case { State: LedgerState.Settled, Outcome: { } outcome }:
                LogAnswered(call.Name, key.RunId);
                return Repeated(outcome);
        }

        var written = await write();
        if (!IsInDoubt(written))
        {
            await SettleAsync(key, call, new(written.Message, written.Error, written.Documents, written.UiActions));
        }

        return written;
    }

    private async Task<LedgerEntry?> TryBeginAsync(LedgerKey key, ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(call.Key));
            return await ledger.BeginAsync(key, call.Name, Convert.ToHexStringLower(hash), cancellationToken);
        }
        catch (DependencyUnavailableException exception)
        {
            LogNotBegun(exception, call.Name, key.RunId);
            return null;
        }
    }

    // Also when the run was stopped meanwhile: it was done. Without a record it stays in doubt, which is true as well.
    private async Task SettleAsync(LedgerKey key, ToolCall call, LedgerOutcome outcome)
    {
        try
        {
            await ledger.SettleAsync(key, outcome, CancellationToken.None);
        }
        catch (DependencyUnavailableException exception)
        {
            LogNotSettled(exception, call.Name, key.RunId);
        }
    }

    private static bool IsInDoubt(ToolOutcome outcome) => outcome.Error is { Retryable: true } || outcome.InDoubt;

    private static ToolOutcome Repeated(LedgerOutcome outcome) => outcome.Error is { } error
        ? new(null, error, outcome.Message)
        : ToolOutcome.Of(new RepeatedResult("already_done", outcome.Documents, outcome.Message), ToolJsonContext.Default.RepeatedResult, outcome.Message) with
        {
            Documents = outcome.Documents,
            UiActions = outcome.UiActions,
        };

    [LoggerMessage(LogLevel.Information, "Tool {Tool} of run {RunId} was done before and is answered from the ledger.")]
    private partial void LogAnswered(string tool, Guid runId);

    [LoggerMessage(LogLevel.Warning, "Tool {Tool} of run {RunId} was not begun: the ledger cannot be written.")]
    private partial void LogNotBegun(Exception exception, string tool, Guid runId);

    [LoggerMessage(LogLevel.Warning, "The outcome of tool {Tool} of run {RunId} could not be recorded; it stays in doubt.")]
    private partial void LogNotSettled(Exception exception, string tool, Guid runId);
}

/// <summary>For the model, when a call is repeated whose outcome is known.</summary>
internal sealed record RepeatedResult(string Status, IReadOnlyList<DocumentSummary> Documents, string UserMessage);
