using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

internal static class DocumentAnswers
{
    public static string Written(ToolExchange exchange)
    {
        if (JsonFields.Objects(exchange.Payload).Select(json => (Json: json, Document: DocumentRef.From(json))).FirstOrDefault(pair => pair.Document is not null) is not { Document: { } document } found)
        {
            return JsonFields.Text(exchange.Payload, "user_message", "message") ?? "The document is done.";
        }

        var note = JsonFields.Text(exchange.Payload, "note");
        var verb = exchange.Name != "refine_document" ? "I wrote the document" : note is null ? "I changed the document" : "I made a new version of the document";
        List<string> lines = [$"{verb} \"{document.Name ?? document.Id}\" (version {document.Version})."];
        var sections = JsonFields.Objects(exchange.Payload).Select(json => JsonFields.Items(json, "sections")).FirstOrDefault(items => items.Count > 0) ?? [];

        lines.AddRange(sections.Select(Describe));

        if (note is not null)
        {
            lines.Add(note);
        }

        return string.Join('\n', lines);
    }

    private static string Describe(JsonElement section)
    {
        var sentences = JsonFields.Items(section, "sentences");
        var unsupported = sentences.Count(sentence => JsonFields.Get(sentence, "supported") is { ValueKind: JsonValueKind.False });
        var heading = JsonFields.Text(section, "heading");

        return sentences.Count == 0
            ? $"- {heading}: not discussed"
            : $"- {heading}: {sentences.Count} {(sentences.Count == 1 ? "sentence" : "sentences")}{(unsupported > 0 ? $", {unsupported} without support in the transcript" : "")}";
    }
}
