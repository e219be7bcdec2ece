using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.Dashboard.ConsoleLogs;
using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.History;

/// <summary>A run in a list. Times are milliseconds since the epoch; an end that is null has not come.</summary>
/// <param name="Lost">Batches and lines that came faster than they could be written; known while the run goes on.</param>
internal sealed record RunItem(string Id, double Start, double? End, bool IsCurrent, long Spans, long Logs, long Bytes, long Lost);

/// <summary>
/// Keeps the last runs' telemetry and console lines beside the data that outlives runs, in a folder of each for its user only. A host
/// with throw-away data, or none, keeps nothing.
/// </summary>
internal sealed partial class RunHistory : IHostedLifecycleService, IDisposable
{
    // Only a disk that hangs takes so long; a busy machine must not cost a run its end.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DescribeEvery = TimeSpan.FromSeconds(10);
    private readonly DataFolders _folders;
    private readonly TelemetryStore _store;
    private readonly TelemetryLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<RunHistory> _logger;
    private readonly DateTimeOffset _start;
    private readonly int _maxRuns;
    private readonly RunRecorder _recorder;
    private readonly SemaphoreSlim _loading = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private (string Id, EarlierRun Run)? _loaded;
    private DateTimeOffset _described;
    private Task _writing = Task.CompletedTask;
    private volatile bool _isRecording;

    public RunHistory(
        DataFolders folders, TelemetryStore store, ConsoleStore console, TelemetryLimits limits, TimeProvider timeProvider, IConfiguration configuration, ILogger<RunHistory> logger)
    {
        (_folders, _store, _limits, _timeProvider, _logger) = (folders, store, limits, timeProvider, logger);
        _start = timeProvider.GetUtcNow();
        _maxRuns = configuration.GetValue("LocalHosting:History:Runs", 10);
        _recorder = new(configuration.GetValue("LocalHosting:History:BytesOfRun", 64L * 1024 * 1024));
        CurrentId = string.Create(CultureInfo.InvariantCulture, $"{_start.UtcDateTime:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

        // What comes before it is known whether anything is kept waits in the recorder.
        _isRecording = !folders.IsThrowAway && _maxRuns > 0;
        console.Kept = line =>
        {
            if (_isRecording)
            {
                _recorder.Add(line);
            }
        };
    }

    public string CurrentId { get; }

    private string Root => Path.Combine(_folders.KeptRoot, "dashboard");

    private KeptRun Current => new(Path.Combine(Root, CurrentId));

    /// <summary>Takes down an export request that was understood.</summary>
    public void Add(Signal signal, ReadOnlySpan<byte> request)
    {
        if (_isRecording)
        {
            _recorder.Add((HistoryKind)signal, request);
        }
    }

    /// <summary>Newest first, this one at the top.</summary>
    public List<RunItem> Runs()
    {
        List<RunItem> runs = [new(CurrentId, Ms(_start), null, true, _store.Spans.Statistics.Received, _store.Logs.Statistics.Received, _isRecording ? Current.Bytes : 0, _recorder.Lost)];
        foreach (var run in Earlier())
        {
            if (run.Describe() is { } described)
            {
                runs.Add(new(run.Id, Ms(described.Start), Ms(described.End ?? run.LastWrite), false, described.Spans, described.Logs, run.Bytes, 0));
            }
        }

        return runs;
    }

    /// <returns>Null when there is no such earlier run.</returns>
    public async ValueTask<EarlierRun?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_loaded?.Id == id)
            {
                return _loaded.Value.Run;
            }

            if (Earlier().FirstOrDefault(r => r.Id == id) is not { } kept || kept.Describe() is not { } described)
            {
                return null;
            }

            // One at a time: it may take as much memory as the run that goes on.
            _loaded = null;
            var run = await Task.Run(() => EarlierRun.Read(kept, described.End ?? kept.LastWrite, _limits, cancellationToken), cancellationToken);
            _loaded = (id, run);
            return run;
        }
        finally
        {
            _loading.Release();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only now is it known whether this host holds the kept folder.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _isRecording &= _folders.IsHeld;
        if (_isRecording)
        {
            _writing = Task.Run(RecordAsync, CancellationToken.None);
        }
        else
        {
            _recorder.Discard();
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After the last service has sent its last.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _recorder.Complete();
        _stopping.CancelAfter(StopLimit);
        await _writing;
        if (_recorder.Lost > 0)
        {
            LogLost(_recorder.Lost);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _loading.Dispose();
    }

    private async Task RecordAsync()
    {
        try
        {
            var run = Current;
            run.Create();
            Describe(run, null);
            foreach (var tooOld in Earlier().Skip(_maxRuns - 1))
            {
                tooOld.Delete();
            }

            await _recorder.WriteAsync(run, () => DescribeNowAndThen(run), _stopping.Token);
            Describe(run, _timeProvider.GetUtcNow());
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            LogCut(CurrentId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk takes the history, not the run.
            _isRecording = false;
            LogFailed(exception, Root);
        }
    }

    private void DescribeNowAndThen(KeptRun run)
    {
        if (_timeProvider.GetUtcNow() - _described >= DescribeEvery)
        {
            Describe(run, null);
        }
    }

    private void Describe(KeptRun run, DateTimeOffset? end)
    {
        _described = _timeProvider.GetUtcNow();
        run.Describe(new(_start, end, _store.Spans.Statistics.Received, _store.Logs.Statistics.Received));
    }

    // Their names sort by their start.
    private IEnumerable<KeptRun> Earlier() => _folders.IsThrowAway || !Directory.Exists(Root)
        ? []
        : Directory.EnumerateDirectories(Root).OrderDescending(StringComparer.Ordinal).Select(f => new KeptRun(f)).Where(r => r.Id != CurrentId);

    private static double Ms(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    [LoggerMessage(LogLevel.Warning, "The dashboard's history of this run lacks {Count} pieces: they came faster than they could be written.")]
    private partial void LogLost(long count);

    [LoggerMessage(LogLevel.Warning, "The end of run {Id} was not written to the dashboard's history in time.")]
    private partial void LogCut(string id);

    [LoggerMessage(LogLevel.Error, "The dashboard's history in '{Folder}' cannot be written; this run is not kept any further.")]
    private partial void LogFailed(Exception exception, string folder);
}
