namespace AiPlatform.Services.Chat.Services;

internal sealed record PracticeClientList(IReadOnlyList<PracticeClient> Items, int Total);

internal sealed record PracticeClient(
    Guid Id, string Name, int SessionCount = 0, string? Status = null, string? Pronouns = null, string? DateOfBirth = null,
    string? PractitionerName = null, DateTimeOffset? LastSessionAt = null);

internal sealed record PracticeClientSummary(
    Guid Id, string Name, int SessionCount = 0, string? Status = null, string? Pronouns = null, DateTimeOffset? StartedAt = null,
    PracticePractitioner? Practitioner = null, string? PresentingConcerns = null, IReadOnlyList<string>? Goals = null, string? Notes = null,
    IReadOnlyList<PracticeRecentSession>? RecentSessions = null);

internal sealed record PracticePractitioner(Guid Id, string? Name = null);

internal sealed record PracticeRecentSession(
    Guid SessionId, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, bool HasTranscript, string? Title = null);

internal sealed record PracticeSessionList(IReadOnlyList<PracticeSession> Items, int Total);

internal sealed record PracticeSession(
    Guid SessionId, Guid ClientId, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, bool HasTranscript,
    string? ClientName = null, string? PractitionerName = null, string? Title = null, double? AverageConfidence = null, IReadOnlyList<PracticeSegment>? Segments = null);

internal sealed record PracticeSegment(int Index, string Speaker, string Start, string Text);

/// <summary>What to look for among sessions; null leaves a field open.</summary>
internal sealed record PracticeSessionFilter(
    string? ClientName, Guid? ClientId, DateOnly? DateFrom, DateOnly? DateTo, string? Keywords, int Limit);
