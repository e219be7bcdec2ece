using System.Text.Json;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Tests.Tools;

/// <summary>What the neighbours answer in the tests of tools, and a screen that fits it.</summary>
internal static class Sample
{
    public const string ClientId = "0197a5a0-0000-7000-8000-000000000001";
    public const string SessionId = "0197a5a0-0000-7000-8000-000000000002";
    public const string TemplateId = "0197a5a0-0000-7000-8000-000000000003";
    public const string DocumentId = "0197a5a0-0000-7000-8000-000000000004";
    public const string OtherClientId = "0197a5a0-0000-7000-8000-000000000005";
    public const string OtherSessionId = "0197a5a0-0000-7000-8000-000000000006";

    public const string Clients = $$"""
        {"items":[{"id":"{{ClientId}}","name":"Maya Okafor","status":"active","pronouns":"she/her","dateOfBirth":"1991-04-02",
        "practitionerId":"{{DocumentId}}","practitionerName":"Dr. Ana Reyes","sessionCount":3,"lastSessionAt":"2026-03-20T10:00:00Z"}],"total":1}
        """;

    public const string Summary = $$"""
        {"id":"{{ClientId}}","name":"Maya Okafor","status":"active","pronouns":"she/her","startedAt":"2025-09-01T00:00:00Z",
        "practitioner":{"id":"{{DocumentId}}","name":"Dr. Ana Reyes"},"presentingConcerns":"Poor sleep","goals":["Sleep through"],"notes":"Prefers mornings",
        "sessionCount":3,"recentSessions":[{"sessionId":"{{SessionId}}","title":"Follow-up","startedAt":"2026-03-20T10:00:00Z","durationSeconds":3000,
        "totalSegments":2,"hasTranscript":true}]}
        """;

    public const string Sessions = $$"""
        {"items":[{"sessionId":"{{SessionId}}","clientId":"{{ClientId}}","clientName":"Maya Okafor","practitionerName":"Dr. Ana Reyes","title":"Follow-up",
        "startedAt":"2026-03-20T10:00:00Z","durationSeconds":3000,"totalSegments":2,"averageConfidence":0.93,"hasTranscript":true}],"total":1}
        """;

    public const string Session = $$"""
        {"sessionId":"{{SessionId}}","clientId":"{{ClientId}}","clientName":"Maya Okafor","practitionerName":"Dr. Ana Reyes","title":"Follow-up",
        "startedAt":"2026-03-20T10:00:00Z","durationSeconds":3000,"totalSegments":2,"averageConfidence":0.93,"hasTranscript":true,
        "segments":[{"index":0,"speaker":"therapist","start":"00:00:05","startSeconds":5,"text":"How did you sleep?"},
        {"index":1,"speaker":"client","start":"00:00:12","startSeconds":12,"text":"I slept badly this week."}]}
        """;

    public const string Templates = $$"""
        {"items":[{"id":"{{TemplateId}}","name":"Progress note","description":"After each session","type":"clinic","content":"# Note","variables":["clientName"]},
        {"id":"{{OtherClientId}}","name":"Progress note (short)","description":"","type":"private","content":"# Short","variables":[]},
        {"id":"{{OtherSessionId}}","name":"Letter to GP","type":"public","content":"# Letter"}]}
        """;

    public static string Document(int version = 1, string? note = null) => $$"""
        {"id":"{{DocumentId}}","name":"Progress note - Maya Okafor","version":{{version}},"clientId":"{{ClientId}}","clientName":"Maya Okafor",
        "practitionerId":"{{OtherClientId}}","practitionerName":"Dr. Ana Reyes","template":{"id":"{{TemplateId}}","name":"Progress note"},
        "sessionIds":["{{SessionId}}"],"chatSessionId":"chat-1","createdAt":"2026-03-31T09:30:00Z","content":"# Note\n\nSlept badly.",
        "sections":[{"heading":"Sleep","discussed":true,"sentences":[{"text":"Slept badly.","supported":true,"evidence":[]},
        {"text":"Is well.","supported":false,"evidence":[]}]}],
        "metadata":{"templateId":"{{TemplateId}}","templateName":"Progress note","clientId":"{{ClientId}}","practitionerId":"{{OtherClientId}}",
        "wordCount":3,"processingMethod":"extractive","model":"local","generationTimeMs":12,"note":{{JsonSerializer.Serialize(note)}}} }
        """;

    public static UiState ReadyScreen() => new()
    {
        PageType = "transcribe_page",
        CurrentClient = new UiClient { ClientId = ClientId, ClientName = "Maya Okafor" },
        SelectedTemplate = new UiTemplate { TemplateId = TemplateId, TemplateName = "Progress note", TemplateContent = "# Note" },
        LoadedSessions = [new UiLoadedSession { SessionId = SessionId, ClientId = ClientId, ClientName = "Maya Okafor" }],
    };
}
