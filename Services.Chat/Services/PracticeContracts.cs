namespace AiPlatform.Services.Chat.Services;

internal sealed record PracticeClientList(IReadOnlyList<PracticeClient> Items, int Total);

internal sealed record PracticeClient(
    Guid Id, string Name, string? Status, string? Pronouns, string? DateOfBirth, Guid? PractitionerId, string? PractitionerName,
    int SessionCount, DateTimeOffset? LastSessionAt);

internal sealed record PracticeClientSummary(
    Guid Id, string Name, string? Status, string? Pronouns, DateTimeOffset? StartedAt, PracticePractitioner? Practitioner,
    string? PresentingConcerns, IReadOnlyList<string>? Goals, string? Notes, int SessionCount, IReadOnlyList<PracticeRecentSession>? RecentSessions);

internal sealed record PracticePractitioner(Guid Id, string Name);

internal sealed record PracticeRecentSession(
    Guid SessionId, string? Title, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments, bool HasTranscript);

internal sealed record PracticeSessionList(IReadOnlyList<PracticeSession> Items, int Total);

internal sealed record PracticeSession(
    Guid SessionId, Guid ClientId, string ClientName, Guid? PractitionerId, string? PractitionerName, string? Title, DateTimeOffset StartedAt,
    int DurationSeconds, int TotalSegments, double? AverageConfidence, bool HasTranscript, IReadOnlyList<PracticeSegment>? Segments = null);

internal sealed record PracticeSegment(int Index, string Speaker, string Start, string Text);

/// <summary>What to look for among sessions; null leaves a field open.</summary>
internal sealed record PracticeSessionFilter(
    string? ClientName, Guid? ClientId, DateOnly? DateFrom, DateOnly? DateTo, string? Keywords, int Limit);
