using System.Data.Common;
using System.Diagnostics;

namespace AiPlatform.ServiceDefaults.Data;

/// <summary>One unit of work on its way to a thread. Its task ends when the work ends or when it is cancelled, whichever is first.</summary>
internal abstract class WorkItem(CancellationToken cancellationToken)
{
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Runs the work to its end on the calling thread and completes the task.</summary>
    /// <returns>The failure, or null.</returns>
    public abstract Exception? Execute(DbConnection connection);

    public abstract void Fail(Exception exception);

    public abstract void Abandon();
}

internal sealed class WorkItem<T> : WorkItem
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<DbConnection, CancellationToken, Task<T>> _work;
    private readonly Activity? _activity = Activity.Current;
    private readonly CancellationTokenRegistration _cancellation;

    public WorkItem(Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        : base(cancellationToken)
    {
        _work = work;
        _cancellation = cancellationToken.Register(static state => ((WorkItem<T>)state!).Cancel(), this);
    }

    public Task<T> Task => _completion.Task;

    public override Exception? Execute(DbConnection connection)
    {
        Activity.Current = _activity;
        try
        {
            var result = _work(connection, CancellationToken).GetAwaiter().GetResult();
            _completion.TrySetResult(result);
            return null;
        }
        catch (OperationCanceledException exception)
        {
            Cancel();
            return exception;
        }
        catch (Exception exception)
        {
            _completion.TrySetException(MySqlConnections.HasLostItsFooting(exception) ? DatabaseFailures.Lost(exception) : exception);
            return exception;
        }
        finally
        {
            _cancellation.Dispose();
            Activity.Current = null;
        }
    }

    public override void Fail(Exception exception)
    {
        _cancellation.Dispose();
        _completion.TrySetException(exception);
    }

    public override void Abandon()
    {
        // Disposing takes the callback away also when the cancellation is under way and has not come to it yet.
        _cancellation.Dispose();
        Cancel();
    }

    private void Cancel() => _completion.TrySetCanceled(CancellationToken);
}
