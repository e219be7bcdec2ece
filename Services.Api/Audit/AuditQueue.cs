using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Audit;

/// <summary>Events that change nothing, on their way to the chain, so that a read does not wait for a write. None is dropped.</summary>
internal sealed class AuditQueue(IAuditStore store, IOptions<AuditOptions> options)
{
    private const int BatchLength = 250;

    private readonly Channel<QueuedAuditEntry> _entries = Channel.CreateBounded<QueuedAuditEntry>(
        new BoundedChannelOptions(options.Value.QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Records the event soon; at once, and before it returns, when the queue is full or the service is ending.</summary>
    public async ValueTask RecordAsync(Guid practiceId, AuditEntry entry, CancellationToken cancellationToken)
    {
        if (!_entries.Writer.TryWrite(new(practiceId, entry)))
        {
            await store.AppendAsync(practiceId, [entry], cancellationToken);
        }
    }

    /// <returns>What waits now, at least one; nothing when the queue has ended and is empty.</returns>
    public async ValueTask<IReadOnlyList<QueuedAuditEntry>> TakeAsync(CancellationToken cancellationToken)
    {
        var batch = new List<QueuedAuditEntry>();
        if (await _entries.Reader.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < BatchLength && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }
        }

        return batch;
    }

    /// <summary>Takes no more; what is in it can still be taken out.</summary>
    public void End() => _entries.Writer.TryComplete();
}

internal sealed record QueuedAuditEntry(Guid PracticeId, AuditEntry Entry);
