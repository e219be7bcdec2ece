namespace AiPlatform.Services.Chat.Events;

/// <summary>One frame of a run as it is in the log: the bytes go to every reader unchanged.</summary>
/// <param name="Type">The event name, so that readers need not parse the bytes.</param>
internal sealed record LoggedFrame(string Epoch, long Seq, string Type, ReadOnlyMemory<byte> Utf8)
{
    public const string LastType = "agent_completed";
    public const string SnapshotType = "run_snapshot";

    public bool IsLast => Type == LastType;

    public LogPlace Place => new(Epoch, Seq);
}
