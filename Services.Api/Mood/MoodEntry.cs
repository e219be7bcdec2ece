namespace AiPlatform.Services.Api.Mood;

/// <summary>How somebody said they were, once; never changed.</summary>
/// <param name="Scale">From 1, worst, to 10, best.</param>
internal sealed record MoodEntry(Guid Id, Guid ClientId, string Mood, int Scale, string? Note, DateTimeOffset RecordedAt);

/// <summary>All entries of a span of time in figures; null where there is nothing to tell.</summary>
/// <param name="SlopePerDay">Of the straight line through them; null when they all lie at one time.</param>
internal sealed record MoodFigures(int Count, double? Average, int? Lowest, int? Highest, double? SlopePerDay);
