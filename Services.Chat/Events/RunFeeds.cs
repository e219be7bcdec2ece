namespace AiPlatform.Services.Chat.Events;

/// <summary>The feeds somebody on this replica writes or reads right now; a feed goes with its last user.</summary>
internal sealed class RunFeeds
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Entry> _entries = [];

    public Use Open(RunKey run)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(run.RunId, out var entry))
            {
                _entries.Add(run.RunId, entry = new());
            }

            entry.Users++;
            return new(this, run.RunId, entry.Feed);
        }
    }

    public void Hint(SessionNotice notice)
    {
        if (notice.Kind != SessionNoticeKind.Appended)
        {
            return;
        }

        Entry? entry;
        lock (_gate)
        {
            _entries.TryGetValue(notice.RunId, out entry);
        }

        // A local feed gets the frame itself; the hint about it comes later and says nothing new.
        if (entry is { Feed.IsLocal: false })
        {
            entry.Feed.Hint();
        }
    }

    private void Close(Guid runId)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(runId, out var entry) && --entry.Users == 0)
            {
                _entries.Remove(runId);
            }
        }
    }

    private sealed class Entry
    {
        public RunFeed Feed { get; } = new();

        public int Users { get; set; }
    }

    internal sealed class Use(RunFeeds owner, Guid runId, RunFeed feed) : IDisposable
    {
        private int _closed;

        public RunFeed Feed { get; } = feed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                owner.Close(runId);
            }
        }
    }
}
