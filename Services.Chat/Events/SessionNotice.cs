namespace AiPlatform.Services.Chat.Events;

/// <summary>What a session's channel says. Hints only: who misses one finds the same in the log or at the next renewal.</summary>
internal readonly record struct SessionNotice(SessionNoticeKind Kind, Guid RunId)
{
    public static SessionNotice Started(Guid runId) => new(SessionNoticeKind.Started, runId);

    public static SessionNotice Appended(Guid runId) => new(SessionNoticeKind.Appended, runId);

    public static SessionNotice CancelAsked(Guid runId) => new(SessionNoticeKind.CancelAsked, runId);

    // frame 0197f1c2-...
    public static SessionNotice? Parse(string text)
    {
        var parts = text.Split(' ');
        if (parts.Length < 2 || !Guid.TryParse(parts[1], out var runId))
        {
            return null;
        }

        return parts switch
        {
            ["start", _] => Started(runId),
            ["cancel", _] => CancelAsked(runId),
            ["frame", _] => Appended(runId),
            _ => null,
        };
    }

    public override string ToString() => Kind switch
    {
        SessionNoticeKind.Started => $"start {RunId}",
        SessionNoticeKind.CancelAsked => $"cancel {RunId}",
        _ => $"frame {RunId}",
    };
}

internal enum SessionNoticeKind
{
    Started,
    Appended,
    CancelAsked,
}
