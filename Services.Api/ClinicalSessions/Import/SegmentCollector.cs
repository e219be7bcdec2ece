using AiPlatform.ServiceDefaults.Errors;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>Checks segments one after the other and gathers every fault, the first hundred by name.</summary>
internal sealed class SegmentCollector
{
    // Recorders write whole seconds and people talk over each other: a second back is no disorder.
    private const int ToleratedStepBackMs = 1000;

    private readonly List<TranscriptSegment> _segments = [];
    private readonly List<FieldError> _errors = [];
    private int _errorCount;
    private int _rows;
    private int _latestMs;

    public IReadOnlyList<TranscriptSegment> Segments => _segments;

    /// <param name="path">Where the row is in a JSON body; empty in a CSV, whose rows have lines.</param>
    public void Add(string? speaker, string? start, string? text, string path, int? line)
    {
        ImportLimits.EnsureSegments(++_rows);
        var label = SpeakerLabel.Normalise(speaker ?? "");
        var faults = _errorCount;
        if (label.Length is 0 or > ImportLimits.SpeakerLength)
        {
            Fault(path + "speaker", $"A speaker is 1 to {ImportLimits.SpeakerLength} characters.", "segment.speaker_invalid", line);
        }

        if (string.IsNullOrWhiteSpace(text) || text.Length > ImportLimits.TextLength)
        {
            Fault(path + "text", $"A text is not blank and at most {ImportLimits.TextLength} characters.", "segment.text_invalid", line);
        }

        if (!TranscriptTime.TryParse(start, out var startMs))
        {
            Fault(path + "start", "A time is hh:mm:ss, hh:mm:ss.fff, mm:ss or seconds.", "segment.start_invalid", line);
        }
        else if (startMs < _latestMs - ToleratedStepBackMs)
        {
            Fault(path + "start", "The time lies before that of an earlier segment.", "segment.start_decreasing", line);
        }

        if (faults == _errorCount)
        {
            _latestMs = Math.Max(_latestMs, startMs);
            _segments.Add(new(label, startMs, text!.Trim()));
        }
    }

    public void Fault(string field, string message, string code, int? line)
    {
        _errorCount++;
        if (_errors.Count < ImportLimits.Errors)
        {
            _errors.Add(new(field, message, code, line));
        }
    }

    public void EnsureFaultless()
    {
        if (_errorCount == 0 && _rows == 0)
        {
            Fault("segments", "A transcript has at least one segment.", "segment.missing", null);
        }

        if (_errorCount > 0)
        {
            var rest = _errorCount > _errors.Count ? $" The first {_errors.Count} are listed." : "";
            throw new DomainException(
                DomainErrorKind.Invalid, "session.import_invalid", $"The import has {_errorCount} {(_errorCount == 1 ? "fault" : "faults")}.{rest}")
            {
                Errors = _errors,
            };
        }
    }
}
