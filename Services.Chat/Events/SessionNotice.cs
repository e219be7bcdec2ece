using System.Globalization;

namespace AiPlatform.Services.Chat.Events;

/// <summary>What a session's channel says. Hints only: who misses one finds the same in the log or at the next renewal.</summary>
internal readonly record struct SessionNotice(SessionNoticeKind Kind, Guid RunId, long Seq = 0)
{
    public static SessionNotice Started(Guid runId) => new(SessionNoticeKind.Started, runId);

    public static SessionNotice Appended(Guid runId, long seq) => new(SessionNoticeKind.Appended, runId, seq);

    public static SessionNotice CancelAsked(Guid runId) => new(SessionNoticeKind.CancelAsked, runId);

    // frame 0197f1c2-... 17
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
            ["frame", _, var seq] when long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => Appended(runId, number),
            _ => null,
        };
    }

    public override string ToString() => Kind switch
    {
        SessionNoticeKind.Started => $"start {RunId}",
        SessionNoticeKind.CancelAsked => $"cancel {RunId}",
        _ => string.Create(CultureInfo.InvariantCulture, $"frame {RunId} {Seq}"),
    };
}

internal enum SessionNoticeKind
{
    Started,
    Appended,
    CancelAsked,
}
