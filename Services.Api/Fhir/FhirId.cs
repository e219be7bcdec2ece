namespace AiPlatform.Services.Api.Fhir;

/// <summary>Ids are ours, one to one. FHIR's are case-sensitive, so only the way we write one names it.</summary>
internal static class FhirId
{
    public static Guid? TryParse(string text) => Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id : null;
}
