namespace AiPlatform.Services.Chat.Tests.Tools;

/// <summary>What the neighbours answer in the tests of tools.</summary>
internal static class Sample
{
    public const string ClientId = "0197a5a0-0000-7000-8000-000000000001";
    public const string SessionId = "0197a5a0-0000-7000-8000-000000000002";
    public const string TemplateId = "0197a5a0-0000-7000-8000-000000000003";
    public const string DocumentId = "0197a5a0-0000-7000-8000-000000000004";

    public const string Clients = $$"""
        {"items":[{"id":"{{ClientId}}","name":"Maya Okafor","status":"active","pronouns":"she/her","dateOfBirth":"1991-04-02",
        "practitionerId":"{{DocumentId}}","practitionerName":"Dr. Ana Reyes","sessionCount":3,"lastSessionAt":"2026-03-20T10:00:00Z"}],"total":1}
        """;

    public const string Session = $$"""
        {"sessionId":"{{SessionId}}","clientId":"{{ClientId}}","clientName":"Maya Okafor","practitionerName":"Dr. Ana Reyes","title":"Follow-up",
        "startedAt":"2026-03-20T10:00:00Z","durationSeconds":3000,"totalSegments":2,"averageConfidence":0.93,"hasTranscript":true,
        "segments":[{"index":0,"speaker":"therapist","start":"00:00:05","startSeconds":5,"text":"How did you sleep?"},
        {"index":1,"speaker":"client","start":"00:00:12","startSeconds":12,"text":"I slept badly this week."}]}
        """;
}
