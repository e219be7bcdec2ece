namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

internal static class DraftWriter
{
    public const string SchemaName = "document_draft";

    public static string Write(string json) => json;
}
