namespace AiPlatform.Services.Chat.Tools.Documents;

/// <summary>What Services.Documents takes; said to the model beforehand, so that it need not be refused.</summary>
internal static class DocumentLimits
{
    public const int Name = 200;
    public const int Instructions = 4_000;
    public const int Sessions = 20;
}
