namespace AiPlatform.Services.Chat.Keys;

/// <summary>What a key can be good for; a route of the gateway asks for one of them.</summary>
internal static class KeyScopes
{
    public const string Chat = "chat";
    public const string Responses = "responses";
    public const string Embeddings = "embeddings";
    public const string Models = "models";

    public static readonly IReadOnlyList<string> All = [Chat, Responses, Embeddings, Models];
}
