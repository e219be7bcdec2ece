namespace AiPlatform.Services.Api.ClinicalSessions.Import;

/// <summary>One word for the one who treats and one for the one who is treated, whatever a recorder calls them.</summary>
internal static class SpeakerLabel
{
    public static string Normalise(string label)
    {
        var trimmed = label.Trim();
        return trimmed.ToLowerInvariant() switch
        {
            "therapist" or "counsellor" or "counselor" or "clinician" or "practitioner" => "therapist",
            "client" or "patient" => "client",
            _ => trimmed,
        };
    }
}
