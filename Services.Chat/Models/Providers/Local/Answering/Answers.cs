using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Local.Conversations;
using AiPlatform.Services.Chat.Models.Providers.Local.Planning;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Answering;

/// <summary>The final words of a run: what each tool answered, taken from the answers and from nowhere else.</summary>
internal static class Answers
{
    private const int MaxFields = 12;

    public static string Tell(LocalConversation conversation, IReadOnlyList<Goal> goals)
    {
        var asked = goals.Select(goal => goal.Tool.Name).ToHashSet(StringComparer.Ordinal);
        var parts = conversation.Run.Select(exchange => Describe(exchange, asked.Contains(exchange.Name), conversation)).Where(part => part.Length > 0);
        return string.Join("\n\n", parts);
    }

    private static string Describe(ToolExchange exchange, bool asked, LocalConversation conversation) => exchange.Name switch
    {
        "search_clients" or "search_specific_clients" => ClientAnswers.Found(exchange, asked),
        "get_client_summary" => ClientAnswers.Summary(exchange.Payload),
        "search_sessions" => SessionAnswers.Found(exchange, asked),
        "load_session" => SessionAnswers.Loaded(exchange.Payload, conversation.Request),
        "analyze_session_content" => SessionAnswers.Analysed(exchange.Payload),
        "get_templates" => asked ? TemplateAnswers.Listed(exchange) : "",
        "generate_document_from_loaded" or "generate_document_auto" or "refine_document" => DocumentAnswers.Written(exchange),
        _ => UserMessage(exchange.Payload) ?? Fields(exchange),
    };

    private static string? UserMessage(JsonElement payload) => JsonFields.Text(payload, "user_message", "message", "summary");

    private static string Fields(ToolExchange exchange)
    {
        if (exchange.Payload.ValueKind != JsonValueKind.Object)
        {
            return $"{exchange.Name.Replace('_', ' ')}: {exchange.Payload}";
        }

        var lines = exchange.Payload.EnumerateObject()
            .Select(property => (Name: Words(property.Name), Value: Plain(property.Value)))
            .Where(field => field.Value.Length > 0)
            .Take(MaxFields)
            .Select(field => $"- {field.Name}: {field.Value}");

        return string.Join('\n', lines);
    }

    private static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.String or JsonValueKind.Number => value.ToString(),
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number) =>
            value.GetArrayLength() == 0 ? "none" : string.Join(", ", value.EnumerateArray().Select(item => Words(item.ToString()))),
        _ => "",
    };

    private static string Words(string name) => name.Replace('_', ' ');
}
