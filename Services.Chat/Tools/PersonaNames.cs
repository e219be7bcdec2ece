namespace AiPlatform.Services.Chat.Tools;

/// <summary>The roles an agent can take, as tools name them in their permissions.</summary>
internal static class PersonaNames
{
    public const string WebAssistant = "web_assistant";
    public const string TranscriberAgent = "transcriber_agent";
}
