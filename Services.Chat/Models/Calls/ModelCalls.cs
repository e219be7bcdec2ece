using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>Lets calls in and settles them.</summary>
internal sealed partial class ModelCalls(IEnumerable<IModelCallObserver> observers, TimeProvider timeProvider, ILogger<ModelCalls> logger)
{
    private readonly IModelCallObserver[] _observers = [.. observers];

    /// <returns>To be disposed by the caller, which settles it.</returns>
    /// <exception cref="DomainException">The call was not let in; it is settled already.</exception>
    public async ValueTask<ModelCall> BeginAsync(ModelCallStart start, CancellationToken cancellationToken)
    {
        var call = new ModelCall(this, start, timeProvider.GetTimestamp(), timeProvider.GetUtcNow());
        ModelTelemetry.Start(call);

        try
        {
            foreach (var observer in _observers)
            {
                call.Asked++;
                await observer.AdmitAsync(call, cancellationToken);
            }

            return call;
        }
        catch (Exception exception)
        {
            if (exception is DomainException { Code: var code })
            {
                call.End(ModelCallOutcome.Refused, code);
            }

            call.Fail(exception, hasReplied: false, cancellationToken);
            call.Dispose();
            throw;
        }
    }

    internal async ValueTask ReserveAsync(ModelCall call, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var observer in _observers)
            {
                await observer.ReserveAsync(call, cancellationToken);
            }
        }
        catch (DomainException refusal)
        {
            call.End(ModelCallOutcome.Refused, refusal.Code);
            throw;
        }
    }

    internal TimeSpan Elapsed(long since) => timeProvider.GetElapsedTime(since);

    internal void Settle(ModelCall call)
    {
        ModelTelemetry.Stop(call);

        foreach (var observer in _observers.AsSpan(0, call.Asked))
        {
            try
            {
                observer.Settled(call);
            }
            catch (Exception exception)
            {
                // One that fails must not keep the others from hearing of it, nor turn a good reply into an error.
                LogUnsettled(exception, call.Start.RequestId, observer.GetType().Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Call {RequestId} was not settled with {Observer}.")]
    private partial void LogUnsettled(Exception exception, string requestId, string observer);
}
