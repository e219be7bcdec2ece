namespace AiPlatform.Services.Chat.Models.Calls;

/// <summary>Who keeps count of calls: limits, budgets, usage. Told of each call before it, before it costs something, and after it.</summary>
internal interface IModelCallObserver
{
    /// <summary>
    /// Before anything is sent. On the way of every request, so it decides from memory: what Redis or MySQL has to say was fetched before.
    /// </summary>
    /// <exception cref="ServiceDefaults.Errors.DomainException">The call is not let in.</exception>
    ValueTask AdmitAsync(ModelCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Before its first endpoint is asked, which what the cache answers never comes to: the place for what the call may cost. Once at most, and as
    /// quick as <see cref="AdmitAsync"/>.
    /// </summary>
    /// <exception cref="ServiceDefaults.Errors.DomainException">No endpoint is asked.</exception>
    ValueTask ReserveAsync(ModelCall call, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// When the call is over: exactly once for each call that <see cref="AdmitAsync"/> was asked about, the refused ones too. Returns at
    /// once; what takes time goes into a queue.
    /// </summary>
    void Settled(ModelCall call);
}
