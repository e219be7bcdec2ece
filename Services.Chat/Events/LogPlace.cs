namespace AiPlatform.Services.Chat.Events;

/// <summary>How far a reader has come. A seq means something only inside its epoch; without an epoch nothing was read yet.</summary>
internal readonly record struct LogPlace(string? Epoch, long Seq)
{
    public static readonly LogPlace Start = new(null, 0);
}
