using System.Text.Json;
using Aspire.Hosting.Dashboard.ConsoleLogs;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry;

namespace Aspire.Hosting.Dashboard.History;

/// <summary>A run that has ended, read into memory as it would be if it still ran, within the same bounds.</summary>
internal sealed class EarlierRun
{
    private EarlierRun(TelemetryStore telemetry, ConsoleStore console) => (Telemetry, Console) = (telemetry, console);

    public TelemetryStore Telemetry { get; }

    public ConsoleStore Console { get; }

    public static EarlierRun Read(KeptRun kept, DateTimeOffset end, TelemetryLimits limits, CancellationToken cancellationToken)
    {
        var run = new EarlierRun(new TelemetryStore(limits, new Ended(end)), new ConsoleStore());
        try
        {
            foreach (var (kind, content) in kept.Records())
            {
                cancellationToken.ThrowIfCancellationRequested();
                run.Take(kind, content);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or OtlpFormatException or JsonException)
        {
            // A file with a hole in it, which a crash of the machine may leave, gives what stands before the hole.
        }

        return run;
    }

    private void Take(HistoryKind kind, byte[] content)
    {
        if (kind != HistoryKind.Console)
        {
            Telemetry.Take((Signal)kind, content);
            return;
        }

        foreach (var line in JsonSerializer.Deserialize<List<ConsoleLine>>(content) ?? [])
        {
            Console.Add(line.Resource, line.Instance, DateTimeOffset.UnixEpoch.AddMilliseconds(line.Time), line.Text, line.IsError);
        }
    }

    private sealed class Ended(DateTimeOffset end) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => end;
    }
}
