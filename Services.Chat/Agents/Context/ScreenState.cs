using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Agents.Context;

/// <summary>
/// The UI state as a model sees it: what is selected and loaded, without transcripts and template texts. Fields of the UI's own come
/// along when they are short plain values; a nested one may hold a transcript, so it does not.
/// </summary>
internal static class ScreenState
{
    private const int MostEntries = 50;
    private const int LongestText = 200;

    // Angle brackets are escaped by the default encoder, so no value can close the surrounding tag.
    public static string ToJson(UiState state) => JsonSerializer.Serialize(
        new JsonObject
        {
            ["page_type"] = state.PageType,
            ["page_url"] = Short(state.PageUrl),
            ["active_tab"] = Short(state.ActiveTab),
            ["currentClient"] = state.CurrentClient is { } client
                ? Entry(client.Rest, ("clientId", client.ClientId), ("clientName", client.ClientName))
                : null,
            ["selectedTemplate"] = state.SelectedTemplate is { } template
                ? Entry(template.Rest, ("templateId", template.TemplateId), ("templateName", template.TemplateName))
                : null,
            ["loadedSessions"] = List(state.LoadedSessions, session => Entry(
                session.Rest, ("sessionId", session.SessionId), ("clientId", session.ClientId), ("clientName", session.ClientName))),
            ["generatedDocuments"] = List(state.GeneratedDocuments, document => Entry(
                document.Rest, ("documentId", document.DocumentId), ("documentName", document.DocumentName), ("version", document.Version))),
        },
        PromptJsonContext.Default.JsonObject);

    // The newest stand last.
    private static JsonArray List<T>(IReadOnlyList<T> entries, Func<T, JsonObject> toEntry) =>
        new([.. entries.TakeLast(MostEntries).Select(entry => (JsonNode)toEntry(entry))]);

    private static JsonObject Entry(Dictionary<string, JsonElement>? rest, params ReadOnlySpan<(string Name, JsonNode? Value)> known)
    {
        var entry = new JsonObject();
        foreach (var (name, value) in known)
        {
            entry[name] = value;
        }

        foreach (var (name, value) in rest ?? [])
        {
            if (IsShort(value) && !entry.ContainsKey(name))
            {
                entry[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        return entry;
    }

    private static bool IsShort(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length <= LongestText,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => true,
        _ => false,
    };

    private static string? Short(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;
}
