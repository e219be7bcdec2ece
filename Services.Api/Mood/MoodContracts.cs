using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Mood;

/// <param name="Mood">In the client's own words.</param>
/// <param name="Scale">From 1, worst, to 10, best.</param>
/// <param name="RecordedAt">With its offset, not in the future; now when absent.</param>
public sealed record RecordMoodRequest(string? Mood, int? Scale, string? Note, DateTimeOffset? RecordedAt);

public sealed record MoodEntryResponse(Guid Id, string Mood, int Scale, string? Note, DateTimeOffset RecordedAt);

/// <param name="Trend">Over the whole span, whatever the page.</param>
public sealed record MoodProfileResponse(
    int Days, MoodTrendResponse Trend, IReadOnlyList<MoodEntryResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <param name="Direction">rising, falling or steady; unknown with fewer than three entries.</param>
/// <param name="ChangePerWeek">Of the straight line through the entries, in points of the scale.</param>
public sealed record MoodTrendResponse(string Direction, double? ChangePerWeek, double? Average, int? Lowest, int? Highest, int Count);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RecordMoodRequest))]
[JsonSerializable(typeof(MoodEntryResponse))]
[JsonSerializable(typeof(MoodProfileResponse))]
internal sealed partial class MoodJsonContext : JsonSerializerContext;
