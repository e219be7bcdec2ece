using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Api.ClinicalSessions.Import;

namespace AiPlatform.Services.Api.ClinicalSessions;

public sealed record SessionResponse(
    Guid SessionId, Guid ClientId, string? ClientName, Guid PractitionerId, string? PractitionerName, string Title,
    DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, double? AverageConfidence, bool HasTranscript)
{
    /// <summary>Only there when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SegmentResponse>? Segments { get; init; }
}

/// <param name="Start">hh:mm:ss from the session's beginning.</param>
public sealed record SegmentResponse(int Index, string Speaker, string Start, double StartSeconds, string Text);

public sealed record SessionSearchResponse(IReadOnlyList<SessionResponse> Items, int Total);

public sealed record ImportedSessionResponse(Guid SessionId, Guid ClientId, string Title, int TotalSegments, int DurationSeconds);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(SessionSearchResponse))]
[JsonSerializable(typeof(ImportedSessionResponse))]
[JsonSerializable(typeof(ImportSessionRequest))]
internal sealed partial class ClinicalSessionJsonContext : JsonSerializerContext;
