namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>
/// One call that identical ones wait for. It belongs to nobody alone: who began it may go and it goes on for the others; when the last one has gone
/// it is cancelled.
/// </summary>
internal sealed class Flight(TimeProvider timeProvider) : IDisposable
{
    public const int MostFollowers = 256;

    // Of a reply that is longer every byte would be held for whoever reads it slowest.
    private const int MostShared = 16 * 1024 * 1024;

    // What has ended is joined until its reply is in the cache: a moment, and never longer than Redis may take for it.
    private static readonly TimeSpan StaysJoinable = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _followers;
    private long? _endedAt;
    private bool _hasLeaderLeft;
    private bool _isClosed;

    public ReplyRecording Recording { get; } = new(MostShared);

    /// <summary>When nobody is left who wants the reply.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public int Followers
    {
        get
        {
            lock (_gate)
            {
                return _followers;
            }
        }
    }

    /// <returns>False when it is not to be joined any more, or has followers enough.</returns>
    public bool TryJoin()
    {
        lock (_gate)
        {
            if (_isClosed || _followers == MostFollowers || (_endedAt is { } ended && timeProvider.GetElapsedTime(ended) > StaysJoinable))
            {
                return false;
            }

            _followers++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _followers--;
        }

        StopIfDeserted();
    }

    public void LeaderLeft()
    {
        lock (_gate)
        {
            _hasLeaderLeft = true;
        }

        StopIfDeserted();
    }

    /// <param name="whole">Whether its reply can still be had here.</param>
    public void End(bool whole)
    {
        lock (_gate)
        {
            _endedAt = timeProvider.GetTimestamp();
            _isClosed |= !whole;
        }
    }

    public void Dispose() => _stopping.Dispose();

    private void StopIfDeserted()
    {
        lock (_gate)
        {
            if (!_hasLeaderLeft || _followers > 0 || _endedAt is not null || _isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _stopping.Cancel();
    }
}
