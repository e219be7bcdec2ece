using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Documents.Tests;

/// <summary>A practice that only one test has: its people, and its sessions as Services.Api tells of them.</summary>
public sealed class TestPractice(TokenFactory tokens)
{
    private readonly Dictionary<Guid, string> _clients = [];
    private readonly Dictionary<Guid, object> _sessions = [];
    private readonly HashSet<Guid> _expired = [];

    public Guid Id { get; } = Guid.CreateVersion7();

    public Guid PractitionerUserId { get; } = Guid.CreateVersion7();

    public Guid PractitionerId { get; } = Guid.CreateVersion7();

    public string Name { get; init; } = "Harbour Practice";

    public string? TimeZone { get; init; }

    public string PractitionerName { get; init; } = "Dr. Ana Ruiz";

    public string PractitionerToken => _practitionerToken ??= tokens.Issue(UserRole.Practitioner, Id, PractitionerUserId, PractitionerId);

    private string? _practitionerToken;

    public string TokenOf(UserRole role, Guid? userId = null) => tokens.Issue(role, Id, userId);

    public Guid AddClient(string name)
    {
        var id = Guid.CreateVersion7();
        _clients[id] = name;
        return id;
    }

    /// <param name="segments">One each: "client: text". Twelve seconds apart.</param>
    public Guid AddSession(Guid clientId, params string[] segments) =>
        AddSessionAt(clientId, new DateTimeOffset(2026, 3, 4, 10, 0, 0, TimeSpan.Zero), segments);

    public Guid AddSessionAt(Guid clientId, DateTimeOffset startedAt, params string[] segments)
    {
        var id = Guid.CreateVersion7();
        _sessions[id] = new
        {
            sessionId = id,
            clientId,
            clientName = _clients[clientId],
            practitionerId = PractitionerId,
            practitionerName = PractitionerName,
            title = "Weekly session",
            startedAt,
            durationSeconds = segments.Length * 12,
            totalSegments = segments.Length,
            averageConfidence = 0.97,
            hasTranscript = segments.Length > 0,
            segments = segments.Length == 0 ? null : segments.Select((segment, index) => new
            {
                index,
                speaker = segment.Split(": ", 2)[0],
                start = TimeSpan.FromSeconds(index * 12).ToString(@"hh\:mm\:ss", System.Globalization.CultureInfo.InvariantCulture),
                startSeconds = index * 12,
                text = segment.Split(": ", 2)[1],
            }).ToArray(),
        };
        return id;
    }

    public void Rename(Guid clientId, string name) => _clients[clientId] = name;

    /// <summary>Takes the client out of every caller's sight, as the end of a care relation does.</summary>
    public void Hide(Guid clientId) => _clients.Remove(clientId);

    /// <summary>Erases the transcript, as retention does: the session stays.</summary>
    public void Expire(Guid sessionId) => _expired.Add(sessionId);

    internal bool HasExpired(Guid sessionId) => _expired.Contains(sessionId);

    internal object? FindClient(Guid id) => _clients.TryGetValue(id, out var name) ? new { id, name, status = "active", goals = Array.Empty<string>() } : null;

    internal object? FindSession(Guid id) => _sessions.GetValueOrDefault(id);
}
