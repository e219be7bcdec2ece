namespace AiPlatform.Services.Api.ClinicalSessions;

/// <summary>What a speaker is in a session, by the label the import gave them.</summary>
internal static class SpeakerRoles
{
    public const string Therapist = "therapist";
    public const string Client = "client";
    public const string Other = "other";

    public static string Of(string speaker) => speaker is Therapist or Client ? speaker : Other;
}
