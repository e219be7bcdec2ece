using AiPlatform.Services.Chat.Models.Forwarding;

namespace AiPlatform.Services.Chat.Models.Caching;

internal enum RecordingState
{
    /// <summary>More is to come.</summary>
    Open,

    /// <summary>The reply is whole.</summary>
    Whole,

    /// <summary>There will be no more of it, and what there is is not all.</summary>
    Broken,
}

/// <summary>A reply while it comes: written by the one call that gets it, read by any number of others from any place.</summary>
/// <param name="most">A reply that is longer is given up: what was recorded of it goes, and who reads it here is broken off.</param>
internal sealed class ReplyRecording(int most)
{
    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private TaskCompletionSource? _changed;
    private RecordingState _state;
    private Exception? _failure;

    public ReplyHead? Head { get; private set; }

    /// <summary>How many bytes there were, also those it did not keep.</summary>
    public long Length { get; private set; }

    public void Start(ReplyHead head)
    {
        lock (_gate)
        {
            Head = head;
            _state = head.Length > most ? RecordingState.Broken : _state;
            Changed();
        }
    }

    public void Append(ReadOnlyMemory<byte> piece)
    {
        lock (_gate)
        {
            Length += piece.Length;

            if (Length <= most)
            {
                _pieces.Add(piece.ToArray());
            }
            else
            {
                _pieces.Clear();
                _state = RecordingState.Broken;
            }

            Changed();
        }
    }

    /// <summary>The first end stands.</summary>
    /// <param name="failure">Why it broke off, when that is for its readers to know.</param>
    public void End(RecordingState state, Exception? failure = null)
    {
        lock (_gate)
        {
            if (_state == RecordingState.Open)
            {
                (_state, _failure) = (state, failure);
                Changed();
            }
        }
    }

    /// <summary>The pieces from one on, what the recording is now, and, while it is open, the task that ends when there is more.</summary>
    public RecordedPart Read(int from)
    {
        lock (_gate)
        {
            var pieces = from < _pieces.Count ? _pieces.GetRange(from, _pieces.Count - from) : [];
            var changed = _state == RecordingState.Open ? (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
            return new(Head, pieces, _state, _failure, changed);
        }
    }

    private void Changed()
    {
        _changed?.SetResult();
        _changed = null;
    }
}

internal readonly record struct RecordedPart(ReplyHead? Head, List<ReadOnlyMemory<byte>> Pieces, RecordingState State, Exception? Failure, Task Changed);
