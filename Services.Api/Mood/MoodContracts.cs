using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Mood;

/// <summary>How a client is.</summary>
/// <param name="Mood">In the client's own words, up to 200 characters.</param>
/// <param name="Note">Anything else, up to 2,000 characters.</param>
/// <param name="Scale">From 1, worst, to 10, best.</param>
/// <param name="RecordedAt">With its offset, not in the future; now when absent.</param>
/// <example>{"mood":"calm","scale":7,"note":"Slept through."}</example>
public sealed record RecordMoodRequest([Required] string? Mood, [Required, Range(1, 10)] int? Scale, string? Note, DateTimeOffset? RecordedAt);

/// <summary>How a client was.</summary>
/// <param name="Mood">In their own words.</param>
/// <param name="Scale">From 1, worst, to 10, best.</param>
/// <param name="Note">Anything else they said.</param>
/// <param name="RecordedAt">When that was.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000801","mood":"calm","scale":7,"note":"Slept through.","recordedAt":"2026-11-19T20:30:00Z"}</example>
public sealed record MoodEntryResponse(Guid Id, string Mood, int Scale, string? Note, DateTimeOffset RecordedAt);

/// <summary>A page of moods, and where they go.</summary>
/// <param name="Days">How many days back.</param>
/// <param name="Trend">Over the whole span, whatever the page.</param>
public sealed record MoodProfileResponse(
    int Days, MoodTrendResponse Trend, IReadOnlyList<MoodEntryResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>Where moods go.</summary>
/// <param name="Average">Of the scale; null without any entry.</param>
/// <param name="Lowest">Of the scale.</param>
/// <param name="Highest">Of the scale.</param>
/// <param name="Count">Entries of the span.</param>
/// <param name="Direction">rising, falling or steady; unknown with fewer than three entries.</param>
/// <param name="ChangePerWeek">Of the straight line through the entries, in points of the scale.</param>
/// <example>{"direction":"rising","changePerWeek":0.8,"average":5.7,"lowest":3,"highest":8,"count":9}</example>
public sealed record MoodTrendResponse(string Direction, double? ChangePerWeek, double? Average, int? Lowest, int? Highest, int Count);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RecordMoodRequest))]
[JsonSerializable(typeof(MoodEntryResponse))]
[JsonSerializable(typeof(MoodProfileResponse))]
internal sealed partial class MoodJsonContext : JsonSerializerContext;
