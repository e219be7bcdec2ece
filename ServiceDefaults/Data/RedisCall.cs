using System.Diagnostics;
using StackExchange.Redis;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>
/// A call of <see cref="RedisClient"/>, over with the answer, the bound or the caller's cancellation, whichever comes first. One object and
/// one task: an asynchronous method around <see cref="Task{T}.WaitAsync(TimeSpan, TimeProvider, CancellationToken)"/> makes two more
/// of each, and a timer, which cost a quarter of the calls there can be.
/// </summary>
internal sealed class RedisCall<T>(RedisClient client, Func<IDatabase, Task<T>> call, Activity? activity, long dueAt, CancellationToken cancellationToken)
    : PendingCall(dueAt)
{
    private readonly TaskCompletionSource<T> _end = new();
    private Task<T>? _answer;
    private CancellationTokenRegistration _cancellation;
    private bool _isRepeated;
    private int _isOver;

    public Task<T> Task => _end.Task;

    public void Start(IDatabase database)
    {
        try
        {
            _answer = call(database);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        client.Pending.Add(this);
        _cancellation = cancellationToken.UnsafeRegister(static call => ((RedisCall<T>)call!).Cancel(), this);

        // Last, so that the answer finds what it has to take down.
        _answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(End);
    }

    /// <summary>Ends it with what the caller is to know of the failure, unless it is over.</summary>
    public override void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return;
        }

        var failure = client.Explain(exception);
        activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure?.Reason ?? exception.GetType().FullName);
        Stop();
        _end.SetException(failure ?? exception);
    }

    public void Cancel()
    {
        client.Pending.Remove(this);
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            Stop();
            _end.SetCanceled(cancellationToken);
        }
    }

    private void End()
    {
        client.Pending.Remove(this);
        _cancellation.Unregister();
        if (!_answer!.IsCompletedSuccessfully)
        {
            EndBadly(_answer.Exception?.InnerException ?? new TaskCanceledException(_answer));
        }
        else if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            client.NoteAnswer();
            Stop();
            _end.SetResult(_answer.Result);
        }
    }

    private void EndBadly(Exception exception)
    {
        // The library sent only the hash and has now learnt to send the text, but repeats by itself in synchronous calls only.
        if (!_isRepeated && Volatile.Read(ref _isOver) == 0 && exception is RedisServerException && exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal)
            && client.FindDatabase() is { } database)
        {
            _isRepeated = true;
            Start(database);
        }
        else
        {
            Fail(exception);
        }
    }

    // On a thread of the library's, whose own context it leaves alone.
    private void Stop()
    {
        if (activity is not null)
        {
            var current = Activity.Current;
            activity.Dispose();
            Activity.Current = current;
        }
    }
}
