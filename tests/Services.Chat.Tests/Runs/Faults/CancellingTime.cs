using System.Diagnostics;
using AiPlatform.Services.Chat.Runs;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>Real time; once, when it is told, the bound of a lease's renewal throws as a call does whose owner was disposed.</summary>
internal sealed class CancellingTime : TimeProvider
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _cancelled;
    private TaskCompletionSource? _renewed;

    public Task CancelNextRenewalAsync() => Arm(ref _cancelled);

    public Task NextRenewalAsync() => Arm(ref _renewed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (new StackTrace().GetFrames().Any(frame => frame.GetMethod()?.DeclaringType?.DeclaringType == typeof(RunKeeper)))
        {
            lock (_gate)
            {
                Interlocked.Exchange(ref _renewed, null)?.TrySetResult();
                if (_cancelled is { } cancelled)
                {
                    _cancelled = null;
                    cancelled.SetResult();
                    throw new OperationCanceledException("Somebody else's.");
                }
            }
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }

    private Task Arm(ref TaskCompletionSource? armed)
    {
        lock (_gate)
        {
            return (armed = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
