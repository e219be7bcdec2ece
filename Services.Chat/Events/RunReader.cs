using System.Runtime.CompilerServices;
using AiPlatform.ServiceDefaults.Data;

namespace AiPlatform.Services.Chat.Events;

/// <summary>Reads a run from any place to its end, live. Resume, a second screen and SSE are this one read.</summary>
internal sealed class RunReader(RunLog log, RunFeeds feeds, TimeProvider timeProvider)
{
    // Bound on how late a reader on another replica is when hints get lost.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Ends after the run's last frame, or when the log is gone or cannot be written any more.</summary>
    public async IAsyncEnumerable<LoggedFrame> ReadAsync(RunKey run, long afterSeq, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var use = feeds.Open(run);
        var feed = use.Feed;
        while (true)
        {
            var broken = feed.IsBroken;
            var frames = feed.ReadTail(afterSeq) ?? await ReadLogAsync(run, afterSeq, cancellationToken);
            foreach (var frame in frames)
            {
                yield return frame;
                afterSeq = frame.Seq;
                if (frame.IsLast)
                {
                    yield break;
                }
            }

            if (frames.Count > 0)
            {
                continue;
            }

            if (broken || (!feed.IsLocal && !await MayComeAsync(run, afterSeq, cancellationToken)))
            {
                yield break;
            }

            await feed.WaitAsync(afterSeq, LookAgain, timeProvider, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<LoggedFrame>> ReadLogAsync(RunKey run, long afterSeq, CancellationToken cancellationToken)
    {
        try
        {
            return await log.ReadAfterAsync(run, afterSeq, cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            // Nothing is lost: the reader stands where it stood until Redis answers again.
            await Task.Delay(LookAgain, timeProvider, cancellationToken);
            return [];
        }
    }

    private async Task<bool> MayComeAsync(RunKey run, long afterSeq, CancellationToken cancellationToken)
    {
        try
        {
            return await log.FindAsync(run, cancellationToken) is { } head && !(head.Ended && head.Seq <= afterSeq);
        }
        catch (RedisUnavailableException)
        {
            return true;
        }
    }
}
