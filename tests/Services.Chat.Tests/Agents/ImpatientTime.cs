using System.Collections.Concurrent;

namespace AiPlatform.Services.Chat.Tests.Agents;

/// <summary>A clock on which waits up to a given length are over at once, and are remembered; longer ones never end unless told to.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The waits of a second and more, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override DateTimeOffset GetUtcNow() => new(2026, 3, 31, 9, 30, 0, TimeSpan.Zero);

    /// <summary>Stands still, so that durations are known.</summary>
    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isOver = dueTime >= TimeSpan.Zero && dueTime <= Patience;
        if (isOver && dueTime >= TimeSpan.FromSeconds(1))
        {
            _waits.Enqueue(dueTime);
        }

        return System.CreateTimer(callback, state, isOver ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
