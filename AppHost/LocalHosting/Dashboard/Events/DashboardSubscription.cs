using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Dashboard.Events;

/// <summary>One page's frames that are not sent yet, bounded by count and bytes.</summary>
internal sealed class DashboardSubscription(IEnumerable<string> channels, Action<DashboardSubscription> end) : IDisposable
{
    public const int MaxFrames = 256;
    public const int MaxBytes = 8 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<DashboardFrame> _frames = new();
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _bytes;
    private int _lost;

    public IReadOnlySet<string> Channels { get; } = channels.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public void Add(DashboardFrame frame)
    {
        lock (_gate)
        {
            _frames.Enqueue(frame);
            _bytes += frame.Bytes.Length;

            // The newest stays however big it is.
            while (_frames.Count > 1 && (_frames.Count > MaxFrames || _bytes > MaxBytes))
            {
                _bytes -= _frames.Dequeue().Bytes.Length;
                _lost++;
            }

            _arrived.TrySetResult();
        }
    }

    /// <summary>Completes when there is something to take.</summary>
    public Task ArrivedAsync()
    {
        lock (_gate)
        {
            return _arrived.Task;
        }
    }

    /// <summary>All that waits, after a word about what was lost before it.</summary>
    public IReadOnlyList<DashboardFrame> Take()
    {
        lock (_gate)
        {
            List<DashboardFrame> frames = [.. _frames];
            if (_lost > 0)
            {
                frames.Insert(0, new("lagged", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"lost":{{_lost}}}"""))));
            }

            _frames.Clear();
            (_bytes, _lost) = (0, 0);
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return frames;
        }
    }

    public void Dispose() => end(this);
}
