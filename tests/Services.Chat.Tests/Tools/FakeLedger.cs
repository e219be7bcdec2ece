using System.Collections.Concurrent;
using AiPlatform.Services.Chat.Tools;

namespace AiPlatform.Services.Chat.Tests.Tools;

/// <summary>The ledger's promise without a database.</summary>
internal sealed class FakeLedger : IToolLedger
{
    private readonly ConcurrentDictionary<LedgerKey, (string Call, LedgerOutcome? Outcome)> _rows = new();

    /// <summary>Thrown by every call while set.</summary>
    public Exception? Fault { get; set; }

    public IReadOnlyDictionary<LedgerKey, LedgerOutcome?> Rows => _rows.ToDictionary(row => row.Key, row => row.Value.Outcome);

    public Task<LedgerEntry> BeginAsync(LedgerKey key, string tool, string argumentsHash, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        var call = $"{tool} {argumentsHash}";
        if (_rows.TryAdd(key, (call, null)))
        {
            return Task.FromResult(new LedgerEntry(LedgerState.Begun));
        }

        var (known, outcome) = _rows[key];
        return Task.FromResult(known != call
            ? new LedgerEntry(LedgerState.OtherCall)
            : new LedgerEntry(outcome is null ? LedgerState.InDoubt : LedgerState.Settled, outcome));
    }

    public Task SettleAsync(LedgerKey key, LedgerOutcome outcome, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        var row = _rows[key];
        _rows.TryUpdate(key, row with { Outcome = outcome }, row with { Outcome = null });
        return Task.CompletedTask;
    }

    private void ThrowIfAway()
    {
        if (Fault is { } fault)
        {
            throw fault;
        }
    }
}
