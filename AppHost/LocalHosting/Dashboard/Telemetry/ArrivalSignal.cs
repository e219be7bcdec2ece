namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>Lets any number of readers wait for the next arrival. Take the wait before looking at the store, so that nothing comes between.</summary>
internal sealed class ArrivalSignal
{
    private TaskCompletionSource _next = New();

    public Task NextAsync() => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
