using System.Diagnostics;
using AiPlatform.Services.Chat.Runs;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>Real time; once, when a run's log begins a new epoch, asking for it throws as a call does whose owner was disposed.</summary>
internal sealed class CancellingTime : TimeProvider
{
    private TaskCompletionSource? _cancelled;

    public Task CancelNextEpochAsync() =>
        (_cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public override DateTimeOffset GetUtcNow()
    {
        if (_cancelled is not null && IsBeginningAnEpoch() && Interlocked.Exchange(ref _cancelled, null) is { } cancelled)
        {
            cancelled.SetResult();
            throw new OperationCanceledException("Somebody else's.");
        }

        return base.GetUtcNow();
    }

    private static bool IsBeginningAnEpoch() => new StackTrace().GetFrames().Any(frame =>
        frame.GetMethod()?.DeclaringType is { } type && type.DeclaringType == typeof(RunOutput) && type.Name.Contains("BeginEpoch", StringComparison.Ordinal));
}
