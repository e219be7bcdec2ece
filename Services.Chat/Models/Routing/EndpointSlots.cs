namespace AiPlatform.Services.Chat.Models.Routing;

/// <summary>
/// How many calls an endpoint has in flight, and who waits for a place when that many is all it may have. First come, first served;
/// the queue is bounded by what may be in flight, so that a wait is never longer than a turn or two.
/// </summary>
internal sealed class EndpointSlots(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _taken;

    public int Taken => Volatile.Read(ref _taken);

    public bool TryTake(int? limit)
    {
        lock (_gate)
        {
            if (_taken >= limit)
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <returns>False when none came free in time, or too many wait already.</returns>
    public async ValueTask<bool> TakeAsync(int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place;

        lock (_gate)
        {
            if (_taken < limit)
            {
                _taken++;
                return true;
            }

            if (wait <= TimeSpan.Zero || _waiting.Count >= 2 * limit)
            {
                return false;
            }

            place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(wait, timeProvider, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            if (Leave(place) && exception is TimeoutException)
            {
                return false;
            }

            // The slot was handed over in the same moment: it goes on to the next, or is used after all.
            if (!place.Value.Task.IsCompletedSuccessfully)
            {
                throw;
            }

            if (exception is TimeoutException)
            {
                return true;
            }

            Release();
            throw;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            if (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.SetResult();
                return;
            }

            _taken--;
        }
    }

    private bool Leave(LinkedListNode<TaskCompletionSource> place)
    {
        lock (_gate)
        {
            if (place.List is null)
            {
                return false;
            }

            _waiting.Remove(place);
            return true;
        }
    }
}
