using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>A therapy appointment; its transcript's segments come apart.</summary>
/// <param name="TranscriptExpiredAt">When its transcript was erased; null when it has one, or never had.</param>
internal sealed record ClinicalSession(
    Guid Id, Guid ClientId, Guid PractitionerId, string Title, DateTimeOffset StartedAt, int DurationSeconds, int TotalSegments,
    double? AverageConfidence, string Status, DateTimeOffset? TranscriptExpiredAt, int Version)
{
    public bool HasTranscript => TotalSegments > 0;

    /// <summary>Has one, or had one before it was erased.</summary>
    public bool WasTranscribed => HasTranscript || TranscriptExpiredAt is not null;

    public string Transcript => HasTranscript ? TranscriptStates.Available : WasTranscribed ? TranscriptStates.Expired : TranscriptStates.None;
}

/// <summary>A session with the names of its people; null for who is not there.</summary>
internal sealed record NamedSession(ClinicalSession Session, string? ClientName, string? PractitionerName);

/// <summary>What became of a session, on the wire and in the table.</summary>
internal static class SessionStatus
{
    public const string Planned = "planned";
    public const string Held = "held";
    public const string Cancelled = "cancelled";
}

/// <summary>What there is of a transcript, on the wire.</summary>
internal static class TranscriptStates
{
    public const string None = "none";
    public const string Available = "available";
    public const string Expired = "expired";
}

/// <summary>One utterance. <paramref name="StartMs"/> counts from the session's beginning.</summary>
internal sealed record TranscriptSegment(string Speaker, int StartMs, string Text);

/// <summary>An utterance of one of several sessions.</summary>
internal sealed record SessionSegment(Guid SessionId, int Position, TranscriptSegment Segment);

internal sealed record SessionCount(int Count, DateTimeOffset? LastStartedAt);

/// <summary>What a search or a list asks for; what is null or empty does not limit it.</summary>
internal sealed record SessionFilter
{
    public required ClientScope Scope { get; init; }

    /// <summary>One session.</summary>
    public Guid? Id { get; init; }

    /// <summary>Null for the sessions of every client; an empty list matches none.</summary>
    public IReadOnlyList<Guid>? ClientIds { get; init; }

    public Guid? PractitionerId { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? Before { get; init; }

    public bool? HasTranscript { get; init; }

    /// <summary>One of <see cref="SessionStatus"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Beginnings of words that must all occur in title or transcript.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    public required int Limit { get; init; }
}
