using System.Text.Json;
using System.Threading.Channels;
using Aspire.Hosting.Dashboard.ConsoleLogs;

namespace Aspire.Hosting.Dashboard.History;

/// <summary>
/// Writes what comes in into the run's folder, behind whoever brings it: nobody waits for the disk. What comes faster than it can be
/// written is left out and counted.
/// </summary>
internal sealed class RunRecorder(long maxBytes)
{
    private const int MaxWaiting = 100_000;
    private const long MaxWaitingBytes = 32 * 1024 * 1024;
    private const int MaxLinesInRecord = 1_000;
    private readonly Channel<Item> _waiting = Channel.CreateBounded<Item>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private long _waitingBytes;
    private long _lost;

    /// <summary>Batches of telemetry and console lines that the disk was too slow for.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void Add(HistoryKind kind, ReadOnlySpan<byte> content)
    {
        if (Reserve(content.Length))
        {
            Add(new Item(kind, content.ToArray(), null), content.Length);
        }
    }

    public void Add(ConsoleLine line)
    {
        if (Reserve(line.Text.Length))
        {
            Add(new Item(HistoryKind.Console, null, line), line.Text.Length);
        }
    }

    /// <summary>No more comes; what waits is written still.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Nothing is kept after all.</summary>
    public void Discard()
    {
        Complete();
        while (_waiting.Reader.TryRead(out _))
        {
        }
    }

    /// <param name="run">Where to.</param>
    /// <param name="written">Told after every batch.</param>
    public async Task WriteAsync(KeptRun run, Action written, CancellationToken cancellationToken)
    {
        var file = Open(run);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                foreach (var record in Records())
                {
                    await file.WriteAsync(record, cancellationToken);
                }

                // To the system, so that a killed run has all but what waited.
                await file.FlushAsync(cancellationToken);
                written();
                if (file.Length > maxBytes / 2)
                {
                    await file.DisposeAsync();
                    run.Rotate();
                    file = Open(run);
                }
            }
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    private static FileStream Open(KeptRun run)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(run.Newer, options);
    }

    // Single lines hardly pack: those that wait go together.
    private IEnumerable<byte[]> Records()
    {
        var lines = new List<ConsoleLine>();
        var bytes = 0L;
        while (bytes < maxBytes / 8 && lines.Count < MaxLinesInRecord && _waiting.Reader.TryRead(out var item))
        {
            bytes += item.Length;
            Interlocked.Add(ref _waitingBytes, -item.Length);
            if (item.Line is { } line)
            {
                lines.Add(line);
            }
            else
            {
                yield return HistoryRecords.Pack(item.Kind, item.Content);
            }
        }

        if (lines.Count > 0)
        {
            yield return HistoryRecords.Pack(HistoryKind.Console, JsonSerializer.SerializeToUtf8Bytes(lines));
        }
    }

    private bool Reserve(int length)
    {
        if (Interlocked.Add(ref _waitingBytes, length) <= MaxWaitingBytes)
        {
            return true;
        }

        Interlocked.Add(ref _waitingBytes, -length);
        Interlocked.Increment(ref _lost);
        return false;
    }

    private void Add(Item item, int length)
    {
        if (!_waiting.Writer.TryWrite(item))
        {
            Interlocked.Add(ref _waitingBytes, -length);
            Interlocked.Increment(ref _lost);
        }
    }

    private readonly record struct Item(HistoryKind Kind, byte[]? Content, ConsoleLine? Line)
    {
        public int Length => Content?.Length ?? Line!.Text.Length;
    }
}
