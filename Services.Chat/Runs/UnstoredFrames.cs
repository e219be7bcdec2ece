using AiPlatform.Services.Chat.Events;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>The frames of an epoch that Redis has not got yet, all of them, as many as memory may be spent on.</summary>
internal sealed class UnstoredFrames
{
    private const int MostFrames = 20_000;
    private const int MostBytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<LoggedFrame> _frames = [];
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <returns>False when there is no room: a new epoch's snapshot takes their place.</returns>
    public bool TryAdd(LoggedFrame frame)
    {
        lock (_gate)
        {
            if (_frames.Count >= MostFrames || _bytes + frame.Utf8.Length > MostBytes)
            {
                return false;
            }

            _frames.Add(frame);
            _bytes += frame.Utf8.Length;
            return true;
        }
    }

    /// <summary>Adds one that must not be refused: an epoch's first frames.</summary>
    public void Add(LoggedFrame frame)
    {
        lock (_gate)
        {
            _frames.Add(frame);
            _bytes += frame.Utf8.Length;
        }
    }

    public IReadOnlyList<LoggedFrame> Copy()
    {
        lock (_gate)
        {
            return [.. _frames];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _frames.Clear();
            _bytes = 0;
        }
    }
}
