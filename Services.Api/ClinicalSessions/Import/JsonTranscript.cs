using System.Text.Json;

namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>A whole import as one JSON object.</summary>
internal static class JsonTranscript
{
    private const string Malformed = "The JSON is malformed or has a value of another kind here.";

    /// <returns>Null when the body is not such an object; the collector knows why.</returns>
    public static async Task<ImportSessionRequest?> ReadAsync(Stream body, SegmentCollector segments, CancellationToken cancellationToken)
    {
        ImportSessionRequest? request = null;
        try
        {
            request = await JsonSerializer.DeserializeAsync(body, ClinicalSessionJsonContext.Default.ImportSessionRequest, cancellationToken);
        }
        catch (ImportSegmentException exception)
        {
            segments.Fault(exception.Field, Malformed, "json.malformed", exception.Line);
            return null;
        }
        catch (JsonException exception)
        {
            segments.Fault(exception.Path ?? "", Malformed, "json.malformed", (int?)exception.LineNumber + 1);
            return null;
        }

        if (request is null)
        {
            segments.Fault("", "The body is null.", "json.malformed", null);
            return null;
        }

        var index = 0;
        foreach (var segment in request.Segments ?? [])
        {
            segments.Add(segment?.Speaker, segment?.Start, segment?.Text, $"segments[{index++}].", line: null);
        }

        return request;
    }
}
