using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Local;

internal sealed record LabelledRequest(int Id, string Text, string UiState, string PageType, string? History, string Expected, bool HeldOut);

/// <summary>Builds what the model is given: a system message with the screen, the request, the tools on offer.</summary>
internal static class LocalRequests
{
    public const string ClientId = "0193a1b2-1111-7000-8000-00000000000a";
    public const string SessionId = "0193a1b2-2222-7000-8000-00000000000b";

    private const string Client = $$"""{"clientId":"{{ClientId}}","clientName":"Ruth Aldana"}""";
    private const string Session = $$"""{"sessionId":"{{SessionId}}","clientId":"{{ClientId}}","clientName":"Ruth Aldana"}""";
    private const string Template = """{"templateId":"0193a1b2-3333-7000-8000-00000000000c","templateName":"Session Progress Note"}""";
    private const string Document = """{"documentId":"0193a1b2-4444-7000-8000-00000000000d","documentName":"Progress note","version":1}""";

    private const string FoundSessions = $$$"""
        {"success":true,"result":{"items":[
          {"session_id":"0193a1b2-5555-7000-8000-000000000001","client_id":"{{{ClientId}}}","client_name":"Ruth Aldana","title":"Sleep","started_at":"2026-05-12T09:00:00Z","duration_seconds":2880,"total_segments":84,"average_confidence":0.94},
          {"session_id":"0193a1b2-5555-7000-8000-000000000002","client_id":"{{{ClientId}}}","client_name":"Ruth Aldana","title":"Work","started_at":"2026-05-05T09:00:00Z","duration_seconds":3000,"total_segments":91,"average_confidence":0.92}],"total":2}}
        """;

    public static List<ChatMessage> Messages(string text, string uiState, string pageType, string? history = null)
    {
        List<ChatMessage> messages = [new(ChatRole.System, System(uiState, pageType))];

        if (history == "sessions_found")
        {
            messages.Add(new(ChatRole.User, "Which sessions do I have with Ruth Aldana?"));
            messages.Add(new(ChatRole.Assistant, [new FunctionCallContent("call_1", "search_sessions", new Dictionary<string, object?> { ["client_name"] = "Ruth Aldana" })]));
            messages.Add(new(ChatRole.Tool, [new FunctionResultContent("call_1", JsonElement.Parse(FoundSessions))]));
            messages.Add(new(ChatRole.Assistant, "I found 2 sessions."));
        }

        messages.Add(new(ChatRole.User, text));
        return messages;
    }

    public static ChatOptions Options(string pageType) =>
        new() { Tools = DeclaredTools.Offer(pageType) };

    private static string System(string uiState, string pageType)
    {
        var state = uiState switch
        {
            "client" => $$""" "currentClient":{{Client}},"loadedSessions":[],"generatedDocuments":[] """,
            "session" => $$""" "currentClient":{{Client}},"loadedSessions":[{{Session}}],"generatedDocuments":[] """,
            "ready" => $$""" "currentClient":{{Client}},"selectedTemplate":{{Template}},"loadedSessions":[{{Session}}],"generatedDocuments":[] """,
            "document" => $$""" "currentClient":{{Client}},"selectedTemplate":{{Template}},"loadedSessions":[{{Session}}],"generatedDocuments":[{{Document}}] """,
            _ => """
                "loadedSessions":[],"generatedDocuments":[]
                """,
        };

        return $$"""
            You are the assistant of a mental-health practice.
            <now>2026-05-20T10:00:00Z</now>
            <ui_state>
            {"page_type":"{{pageType}}",{{state}}}
            </ui_state>
            """;
    }
}
