using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>A span per run in the trace its message came in on, and how many ended how and how long they took.</summary>
internal sealed class RunTelemetry : IDisposable
{
    public const string Name = "AiPlatform.Services.Chat";

    private static readonly ActivitySource Source = new(Name);

    private readonly Meter _meter;
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _duration;

    public RunTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _runs = _meter.CreateCounter<long>("chat.runs", description: "Runs that ended.");
        _duration = _meter.CreateHistogram<double>("chat.run.duration", "s", "From a run's turn to its last frame.");
    }

    public static Activity? Start(AcceptedRun run)
    {
        var activity = Source.StartActivity("run", ActivityKind.Internal, run.Parent);
        activity?.SetTag("chat.run.id", run.RunId);
        activity?.SetTag("chat.persona", run.Persona);
        return activity;
    }

    public void Ended(AcceptedRun run, string status, TimeSpan duration)
    {
        var tags = new TagList { { "chat.run.status", status }, { "chat.persona", run.Persona } };
        _runs.Add(1, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Dispose() => _meter.Dispose();
}
