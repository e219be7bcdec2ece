using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

/// <summary>How long transcripts are to be kept.</summary>
/// <param name="Transcripts">none (an hour, for what is to be written from them), 24h, 7d or kept. Counts for the transcripts that are there as well.</param>
/// <example>{"transcripts":"7d"}</example>
public sealed record ChangeRetentionRequest(
    [Required, AllowedValues(TranscriptKeeping.None, TranscriptKeeping.Day, TranscriptKeeping.Week, TranscriptKeeping.Kept)] string? Transcripts);

/// <summary>How long transcripts are kept.</summary>
/// <param name="Transcripts">none, 24h, 7d or kept.</param>
/// <param name="ErasedAfterHours">From when a transcript was stored; null when it is kept.</param>
/// <example>{"transcripts":"7d","erasedAfterHours":168}</example>
public sealed record RetentionResponse(string Transcripts, int? ErasedAfterHours);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangeRetentionRequest))]
[JsonSerializable(typeof(RetentionResponse))]
internal sealed partial class RetentionJsonContext : JsonSerializerContext;
