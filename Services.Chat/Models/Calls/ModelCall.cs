using System.Diagnostics;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>
/// One call of a model, from being let in to being settled: in whose name, of which group, and what it came to. Whoever carries it
/// out writes down what happened; disposing it settles it, exactly once and whatever happened.
/// </summary>
internal sealed class ModelCall : IDisposable
{
    private readonly ModelCalls _calls;
    private readonly long _started;
    private int _isSettled;
    private bool _hasEnded;
    private decimal? _cost;

    internal ModelCall(ModelCalls calls, ModelCallStart start, long started, DateTimeOffset startedAt)
    {
        _calls = calls;
        _started = started;
        Start = start;
        StartedAt = startedAt;
    }

    public ModelCallStart Start { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>The endpoint that was asked last; null when none was.</summary>
    public ModelEndpoint? Endpoint { get; set; }

    /// <summary>How many endpoints were asked.</summary>
    public int Attempts { get; set; }

    public TokenUsage Usage { get; set; } = TokenUsage.None;

    /// <summary>In USD, by the prices the call began with. What no endpoint was asked for costs nothing.</summary>
    public decimal Cost => _cost ?? (Outcome is ModelCallOutcome.Cached or ModelCallOutcome.Refused ? 0 : Start.Group.Prices?.CostOf(Usage) ?? 0);

    /// <summary>What the endpoint called its response, on the wire that has such ids.</summary>
    public string? ResponseId { get; set; }

    /// <summary>From the start to the first piece of the reply; null when it has none.</summary>
    public TimeSpan? FirstToken { get; private set; }

    /// <summary>From the start to the end, or to now.</summary>
    public TimeSpan Duration { get; private set; }

    public ModelCallOutcome Outcome { get; private set; } = ModelCallOutcome.Failed;

    /// <summary>Why it did not end well: a code of ours, such as provider.timeout.</summary>
    public string? ErrorCode { get; private set; }

    internal Activity? Activity { get; set; }

    /// <summary>How many observers were asked to let it in; the same are told of its end.</summary>
    internal int Asked { get; set; }

    /// <summary>Before the first endpoint is asked.</summary>
    /// <exception cref="DomainException">There is no money left for the call.</exception>
    public ValueTask ReserveAsync(CancellationToken cancellationToken) => _calls.ReserveAsync(this, cancellationToken);

    public void NoteFirstToken() => FirstToken ??= _calls.Elapsed(_started);

    /// <summary>The first end stands.</summary>
    public void End(ModelCallOutcome outcome, string? errorCode = null)
    {
        if (!_hasEnded)
        {
            (_hasEnded, Outcome, ErrorCode) = (true, outcome, errorCode);
        }
    }

    /// <param name="hasReplied">Some of the reply is with the caller already.</param>
    /// <param name="caller">The caller's own cancellation.</param>
    public void Fail(Exception exception, bool hasReplied, CancellationToken caller) => End(
        caller.IsCancellationRequested ? ModelCallOutcome.Aborted : hasReplied ? ModelCallOutcome.Partial : ModelCallOutcome.Failed,
        caller.IsCancellationRequested ? "caller.gone" : exception switch
        {
            DomainException { Code: var code } => code,
            RefusedException refused => refused.Refusal.ToFailure().Code,
            _ => "internal_error",
        });

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 0)
        {
            Duration = _calls.Elapsed(_started);

            // Who leaves before the first word has had the endpoint read the request all the same.
            if (Outcome == ModelCallOutcome.Aborted && Attempts > 0 && Usage.Total == 0)
            {
                Usage = new(Start.InputEstimate, 0, IsEstimated: true);
            }

            _cost = Cost;
            _calls.Settle(this);
        }
    }
}
