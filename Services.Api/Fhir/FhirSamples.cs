using AiPlatform.Services.Api.ClinicalSessions;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>Resources for the document, made as the real ones are.</summary>
internal static class FhirSamples
{
    private const string Base = "https://api.example/fhir";

    private static readonly DateTimeOffset Changed = new(2026, 11, 20, 17, 0, 0, TimeSpan.Zero);
    private static readonly Guid ClientId = new("0a000000-0000-7000-8000-000000000301");
    private static readonly Guid PractitionerId = new("0a000000-0000-7000-8000-000000000101");

    public static FhirResource Patient { get; } = FhirMapping.ToPatient(new(
        ClientId, PractitionerId, "Maya Lindqvist", "active", new(1990, 4, 12), "maya.lindqvist@mail.example", "+44 20 7946 0301", Changed));

    public static FhirResource Practitioner { get; } = FhirMapping.ToPractitioner(new(
        PractitionerId, "Nora Berg", "nora.berg@harbourlane.example", "+44 20 7946 0101", Active: true, Changed));

    public static FhirResource Encounter { get; } = FhirMapping.ToEncounter(new(
        new("0a000000-0000-7000-8000-000000040101"), ClientId, PractitionerId, new(2026, 11, 10, 9, 0, 0, TimeSpan.Zero), DurationSeconds: 3000, SessionStatus.Held, Changed));

    public static FhirResource PageOf(FhirResource found)
    {
        var url = $"{Base}/{found.GetType().Name["Fhir".Length..]}";
        return new FhirBundle("searchset", 1, [new("self", url)], [new($"{url}/{found.Id}", found, new("match"))]);
    }
}
