namespace AiPlatform.Services.Chat.Transport.WebSockets;

/// <summary>PROTOCOL section 3.</summary>
internal static class CloseCodes
{
    public const int Normal = 1000;
    public const int Shutdown = 1001;
    public const int UnexpectedBinary = 1003;
    public const int TooBig = 1009;
    public const int TryAgain = 1013;
    public const int TokenExpired = 4401;
    public const int Idle = 4408;
    public const int TooManyConnections = 4429;
}
