using System.Threading.Channels;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>Accepted runs of this replica: one lane per session, each in turn; lanes with something in them wait for the worker.</summary>
internal sealed class RunQueue(IOptions<RunOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChatSessionKey, Lane> _lanes = [];

    // As many lanes as there can be places: a lane is in it at most once.
    private readonly Channel<Lane> _ready = Channel.CreateUnbounded<Lane>(new() { SingleReader = true });

    public IAsyncEnumerable<Lane> ReadyAsync(CancellationToken cancellationToken) => _ready.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Keeps a place in the session's lane while the run is recorded.</summary>
    /// <returns>Null when as many messages wait as may.</returns>
    public Place? TryReserve(ChatSessionKey session)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(session, out var lane))
            {
                _lanes.Add(session, lane = new(session));
            }

            if (lane.Reserved + lane.Runs.Count >= options.Value.QueueLength)
            {
                return null;
            }

            lane.Reserved++;
            return new(this, lane);
        }
    }

    /// <returns>The lane's next run; null when it is empty, and then the lane is no longer the caller's.</returns>
    public ActiveRun? Next(Lane lane)
    {
        lock (_gate)
        {
            if (lane.Runs.TryDequeue(out var run))
            {
                return run;
            }

            lane.IsWorkedOn = false;
            Tidy(lane);
            return null;
        }
    }

    private void Fill(Lane lane, ActiveRun? run)
    {
        lock (_gate)
        {
            lane.Reserved--;
            if (run is not null)
            {
                lane.Runs.Enqueue(run);
                if (!lane.IsWorkedOn)
                {
                    lane.IsWorkedOn = true;
                    _ready.Writer.TryWrite(lane);
                }
            }

            Tidy(lane);
        }
    }

    private void Tidy(Lane lane)
    {
        if (lane is { IsWorkedOn: false, Reserved: 0, Runs.Count: 0 })
        {
            _lanes.Remove(lane.Session);
        }
    }

    internal sealed class Lane(ChatSessionKey session)
    {
        public Queue<ActiveRun> Runs { get; } = new();

        public int Reserved { get; set; }

        public bool IsWorkedOn { get; set; }

        public ChatSessionKey Session { get; } = session;
    }

    internal sealed class Place(RunQueue queue, Lane lane) : IDisposable
    {
        private bool _filled;

        public void Fill(ActiveRun run)
        {
            _filled = true;
            queue.Fill(lane, run);
        }

        public void Dispose()
        {
            if (!_filled)
            {
                queue.Fill(lane, null);
            }
        }
    }
}
