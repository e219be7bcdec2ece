namespace AiPlatform.Services.Chat.Tools;

/// <summary>Page types that a tool's page rule can name.</summary>
internal static class PageTypes
{
    public const string TranscribePage = "transcribe_page";
    public const string SessionViewer = "session_viewer";
    public const string ClientDetails = "client_details";
    public const string SessionsList = "sessions_list";
}
