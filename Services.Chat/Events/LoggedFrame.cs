namespace AiPlatform.Services.Chat.Events;

/// <summary>One frame of a run as it is in the log: the bytes go to every reader unchanged.</summary>
/// <param name="Type">The event name, so that readers need not parse the bytes.</param>
internal sealed record LoggedFrame(long Seq, string Type, ReadOnlyMemory<byte> Utf8)
{
    public const string LastType = "agent_completed";

    public bool IsLast => Type == LastType;
}
