namespace AiPlatform.Services.Chat.Models.Catalogue;

/// <summary>A key. It has no text of its own, so that no record, log line or exception can hold it by accident.</summary>
internal sealed class Secret(string value)
{
    /// <summary>For the header it is sent in, and for nothing else.</summary>
    public string Reveal() => value;

    public override string ToString() => "***";
}
