using System.Diagnostics;
using System.Threading.Channels;
using AiPlatform.Services.Chat.Sessions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>
/// Accepted runs of this replica: one lane per session, each in turn. A user's lanes go to the worker a few at a time and one run at a time,
/// as many as the user may have running; the others wait here and take nothing that other users need.
/// </summary>
internal sealed class RunQueue(IOptions<RunOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChatSessionKey, Lane> _lanes = [];
    private readonly Dictionary<(Guid PracticeId, Guid UserId), UserRuns> _users = [];

    // A lane is in it at most once, and there are no more lanes than places.
    private readonly Channel<Lane> _ready = Channel.CreateBounded<Lane>(new BoundedChannelOptions(options.Value.QueuedPerReplica) { SingleReader = true });
    private readonly Load _load = new();
    private bool _closed;

    public IAsyncEnumerable<Lane> ReadyAsync(CancellationToken cancellationToken) => _ready.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Keeps a place in the session's lane while the run is recorded.</summary>
    /// <param name="length">Of the message, which is kept until its turn.</param>
    /// <returns>Null when as much waits as may: in the session, of the user, or on this replica.</returns>
    public Place? TryReserve(ChatSessionKey session, int length)
    {
        lock (_gate)
        {
            var limits = options.Value;
            var user = UserOf(session);
            var lane = _lanes.GetValueOrDefault(session) ?? new(session, user);
            if (_closed
                || lane.Reserved + lane.Runs.Count >= limits.QueueLength
                || !user.Load.HasRoom(length, limits.QueuedPerUser, limits.QueuedCharacters / RunOptions.UsersShare)
                || !_load.HasRoom(length, limits.QueuedPerReplica, limits.QueuedCharacters))
            {
                Tidy(lane);
                return null;
            }

            _lanes[session] = lane;
            lane.Reserved++;
            user.Load.Add(length);
            _load.Add(length);
            return new(this, lane, length);
        }
    }

    /// <summary>The run that the lane was handed out for. <see cref="Done"/> follows when it has ended.</summary>
    public ActiveRun Next(Lane lane)
    {
        lock (_gate)
        {
            return Dequeue(lane);
        }
    }

    /// <summary>Takes the lane back: behind the user's other lanes when more waits in it.</summary>
    public void Done(Lane lane)
    {
        lock (_gate)
        {
            var user = lane.User;
            user.Out--;
            lane.State = LaneState.Idle;
            Offer(lane);
            while (user.Out < options.Value.PerUser && user.Waiting.First is { Value: var next })
            {
                user.Waiting.RemoveFirst();
                HandOut(next);
            }

            Tidy(lane);
        }
    }

    /// <summary>Takes nothing more in.</summary>
    /// <returns>What was not handed out, lane by lane.</returns>
    public IReadOnlyList<IReadOnlyList<ActiveRun>> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return [.. _lanes.Values.ToList().Select(lane => (IReadOnlyList<ActiveRun>)[.. DequeueAll(lane)])];
        }
    }

    private void Fill(Lane lane, int length, ActiveRun? run)
    {
        // Before the worker can have it: once it has ended there is nothing to listen to.
        run?.Stopped.Register(() => Expedite(lane));
        lock (_gate)
        {
            lane.Reserved--;
            if (run is null)
            {
                lane.User.Load.Remove(length);
                _load.Remove(length);
            }
            else
            {
                lane.Runs.Enqueue((run, length));
                if (lane.State is LaneState.Idle)
                {
                    Offer(lane);
                }
            }

            Tidy(lane);
        }
    }

    // A run that was stopped needs no place of the user's to say so.
    private void Expedite(Lane lane)
    {
        lock (_gate)
        {
            if (lane.State is LaneState.Waiting && IsStopped(lane))
            {
                lane.User.Waiting.Remove(lane);
                HandOut(lane);
            }
        }
    }

    private void Offer(Lane lane)
    {
        if (lane.Runs.Count == 0)
        {
            return;
        }

        if (IsStopped(lane) || (lane.User.Out < options.Value.PerUser && lane.User.Waiting.Count == 0))
        {
            HandOut(lane);
        }
        else
        {
            lane.State = LaneState.Waiting;
            lane.User.Waiting.AddLast(lane);
        }
    }

    private void HandOut(Lane lane)
    {
        lane.State = LaneState.Out;
        lane.User.Out++;
        var written = _ready.Writer.TryWrite(lane);
        Debug.Assert(written, "There are no more lanes than places.");
    }

    private ActiveRun Dequeue(Lane lane)
    {
        var (run, length) = lane.Runs.Dequeue();
        lane.User.Load.Remove(length);
        _load.Remove(length);
        return run;
    }

    private IEnumerable<ActiveRun> DequeueAll(Lane lane)
    {
        while (lane.Runs.Count > 0)
        {
            yield return Dequeue(lane);
        }
    }

    private static bool IsStopped(Lane lane) => lane.Runs.TryPeek(out var next) && next.Run.Stopped.IsCancellationRequested;

    private UserRuns UserOf(ChatSessionKey session)
    {
        var key = (session.PracticeId, session.UserId);
        if (!_users.TryGetValue(key, out var user))
        {
            _users.Add(key, user = new());
        }

        return user;
    }

    private void Tidy(Lane lane)
    {
        if (lane is { State: LaneState.Idle, Reserved: 0, Runs.Count: 0 })
        {
            _lanes.Remove(lane.Session);
        }

        if (lane.User is { Out: 0, Waiting.Count: 0, Load.Runs: 0 })
        {
            _users.Remove((lane.Session.PracticeId, lane.Session.UserId));
        }
    }

    internal enum LaneState
    {
        Idle,

        /// <summary>For the user's other lanes.</summary>
        Waiting,

        /// <summary>With the worker.</summary>
        Out,
    }

    internal sealed class Lane(ChatSessionKey session, UserRuns user)
    {
        public Queue<(ActiveRun Run, int Length)> Runs { get; } = new();

        public int Reserved { get; set; }

        public LaneState State { get; set; }

        public ChatSessionKey Session { get; } = session;

        public UserRuns User { get; } = user;
    }

    internal sealed class UserRuns
    {
        public LinkedList<Lane> Waiting { get; } = new();

        /// <summary>Lanes of the user's that the worker has.</summary>
        public int Out { get; set; }

        public Load Load { get; } = new();
    }

    /// <summary>What waits, with the places kept for what is being recorded.</summary>
    internal sealed class Load
    {
        public int Runs { get; private set; }

        private long Characters { get; set; }

        public bool HasRoom(int length, int runs, long characters) => Runs < runs && Characters + length <= characters;

        public void Add(int length)
        {
            Runs++;
            Characters += length;
        }

        public void Remove(int length)
        {
            Runs--;
            Characters -= length;
        }
    }

    internal sealed class Place(RunQueue queue, Lane lane, int length) : IDisposable
    {
        private bool _filled;

        public void Fill(ActiveRun run)
        {
            _filled = true;
            queue.Fill(lane, length, run);
        }

        public void Dispose()
        {
            if (!_filled)
            {
                queue.Fill(lane, length, null);
            }
        }
    }
}
