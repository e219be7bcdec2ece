using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>A therapy appointment; its transcript's segments come apart.</summary>
internal sealed record ClinicalSession(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments,
    double? AverageConfidence)
{
    public bool HasTranscript => TotalSegments > 0;
}

/// <summary>One utterance. <paramref name="StartMs"/> counts from the session's beginning.</summary>
internal sealed record TranscriptSegment(string Speaker, int StartMs, string Text);

internal sealed record SessionCount(int Count, DateTimeOffset? LastStartedAt);

/// <summary>What a search asks for; what is null or empty does not limit it.</summary>
internal sealed record SessionFilter
{
    public required ClientScope Scope { get; init; }

    /// <summary>Null for the sessions of every client; an empty list matches none.</summary>
    public IReadOnlyList<Guid>? ClientIds { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Beginnings of words that must all occur in title or transcript.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    public required int Limit { get; init; }
}
