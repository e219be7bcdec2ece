using System.Globalization;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>Our records in FHIR's words. A resource says only what its own record says, so that its version is true of all of it.</summary>
internal static class FhirMapping
{
    public static FhirPatient ToPatient(ChangedClient client) => new(
        client.Status is not ("inactive" or "discharged" or "archived"),
        [new(client.Name)],
        Telecom(client.Phone, client.Email),
        client.DateOfBirth,
        [new($"Practitioner/{client.PractitionerId}")])
    {
        Id = client.Id.ToString(),
        Meta = Meta(client.UpdatedAt),
    };

    public static FhirPractitioner ToPractitioner(ChangedPractitioner practitioner) =>
        new(practitioner.Active, [new(practitioner.Name)], Telecom(practitioner.Phone, practitioner.Email))
        {
            Id = practitioner.Id.ToString(),
            Meta = Meta(practitioner.UpdatedAt),
        };

    // The period of a session that has not been held is the one it is planned for; it has lasted nothing.
    public static FhirEncounter ToEncounter(ChangedSession session) => new(
        session.Status is SessionStatus.Held ? "finished" : session.Status,
        new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", "ambulatory"),
        new($"Patient/{session.ClientId}"),
        [
            new(
                [new([new("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "PPRF", "primary performer")])],
                new($"Practitioner/{session.PractitionerId}")),
        ],
        new(session.StartedAt, session.StartedAt.AddSeconds(session.DurationSeconds)),
        session.Status is SessionStatus.Held ? new(session.DurationSeconds, "s", "http://unitsofmeasure.org", "s") : null)
    {
        Id = session.Id.ToString(),
        Meta = Meta(session.UpdatedAt),
    };

    private static FhirMeta Meta(DateTimeOffset updatedAt) => new(FhirCursor.MicrosecondsOf(updatedAt).ToString(CultureInfo.InvariantCulture), updatedAt);

    private static List<FhirContactPoint>? Telecom(string phone, string email)
    {
        List<FhirContactPoint> known = [new("phone", phone), new("email", email)];
        known.RemoveAll(contact => string.IsNullOrWhiteSpace(contact.Value));
        return known.Count == 0 ? null : known;
    }
}
