using System.Runtime.CompilerServices;
using AiPlatform.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Events;

/// <summary>
/// Reads a run from any place to its end, live, and from one epoch into the next. Resume, a second screen and SSE are this one read.
/// Where the run executes the frames come from memory, and from Redis only what memory does not reach back to.
/// </summary>
internal sealed class RunReader(RunLog log, RunFeeds feeds, IOptions<RunLogOptions> options, TimeProvider timeProvider)
{
    // Bound on how late a reader on another replica is when hints get lost.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // A log nobody answers for is completed within two lease times of Redis being there; after twice that nobody will.
    private TimeSpan Patience => 4 * options.Value.Lease;

    /// <summary>Ends after the run's last frame, or when nobody can be expected to write it any more.</summary>
    public async IAsyncEnumerable<LoggedFrame> ReadAsync(RunKey run, LogPlace place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var use = feeds.Open(run);
        var feed = use.Feed;
        var shownEpoch = place.Epoch;
        var sign = timeProvider.GetTimestamp();
        while (true)
        {
            var version = feed.Version;
            place = feed.Locate(place);
            var frames = feed.ReadTail(place) ?? await ReadLogAsync(run, place, cancellationToken);
            foreach (var frame in frames)
            {
                // Another epoch that does not say what it replaces is none this reader can go on with: it was taken over from an older one.
                if (shownEpoch is not null && frame.Epoch != shownEpoch && frame.Type != LoggedFrame.SnapshotType)
                {
                    yield break;
                }

                yield return frame;
                if (frame.IsLast)
                {
                    yield break;
                }

                place = frame.Place;
                shownEpoch = frame.Epoch;
            }

            if (frames.Count > 0 || feed.IsLocal)
            {
                sign = timeProvider.GetTimestamp();
                if (frames.Count >= RunLog.ReadBatch)
                {
                    continue;
                }
            }
            else
            {
                var (isReached, head) = await LookAsync(run, cancellationToken);
                if (head is not null && head.Epoch != place.Epoch)
                {
                    place = new(head.Epoch, 0);
                    continue;
                }

                if (head is { Ended: true } && head.Seq <= place.Seq)
                {
                    yield break;
                }

                sign = !isReached || head is { IsOwned: true } ? timeProvider.GetTimestamp() : sign;
                if (timeProvider.GetElapsedTime(sign) > Patience)
                {
                    yield break;
                }
            }

            await feed.WaitAsync(version, LookAgain, timeProvider, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<LoggedFrame>> ReadLogAsync(RunKey run, LogPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return place.Epoch is null ? [] : await log.ReadAfterAsync(run, place.Epoch, place.Seq, cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            // Nothing is lost: the reader stands where it stood until Redis answers again.
            return [];
        }
    }

    private async Task<(bool IsReached, RunHead? Head)> LookAsync(RunKey run, CancellationToken cancellationToken)
    {
        try
        {
            return (true, await log.FindAsync(run, cancellationToken));
        }
        catch (RedisUnavailableException)
        {
            return (false, null);
        }
    }
}
