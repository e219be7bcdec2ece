using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>
/// A resource of FHIR R4 (4.0.1), as far as we have something true to say in it. What is null is not written: FHIR has neither nulls nor
/// empty arrays.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "resourceType")]
[JsonDerivedType(typeof(FhirPatient), "Patient")]
[JsonDerivedType(typeof(FhirPractitioner), "Practitioner")]
[JsonDerivedType(typeof(FhirEncounter), "Encounter")]
[JsonDerivedType(typeof(FhirBundle), "Bundle")]
[JsonDerivedType(typeof(FhirOperationOutcome), "OperationOutcome")]
[JsonDerivedType(typeof(FhirCapabilityStatement), "CapabilityStatement")]
internal abstract record FhirResource
{
    [JsonPropertyOrder(-2)]
    public string? Id { get; init; }

    [JsonPropertyOrder(-1)]
    public FhirMeta? Meta { get; init; }
}

/// <param name="VersionId">Another one after every change.</param>
internal sealed record FhirMeta(string VersionId, DateTimeOffset LastUpdated);

/// <param name="Name">As the practice writes it: one text, not cut into given and family names by guessing.</param>
internal sealed record FhirPatient(
    bool Active, IReadOnlyList<FhirHumanName> Name, IReadOnlyList<FhirContactPoint>? Telecom, DateOnly BirthDate,
    IReadOnlyList<FhirReference> GeneralPractitioner) : FhirResource;

internal sealed record FhirPractitioner(
    bool Active, IReadOnlyList<FhirHumanName> Name, IReadOnlyList<FhirContactPoint>? Telecom) : FhirResource;

/// <param name="Status">planned, finished or cancelled.</param>
internal sealed record FhirEncounter(
    string Status, FhirCoding Class, FhirReference Subject, IReadOnlyList<FhirParticipant> Participant, FhirPeriod Period,
    FhirQuantity? Length) : FhirResource;

internal sealed record FhirHumanName(string Text);

internal sealed record FhirContactPoint(string System, string Value);

internal sealed record FhirReference(string Reference);

internal sealed record FhirCoding(string System, string Code, string? Display = null);

internal sealed record FhirCodeableConcept(IReadOnlyList<FhirCoding>? Coding = null, string? Text = null);

internal sealed record FhirParticipant(IReadOnlyList<FhirCodeableConcept> Type, FhirReference Individual);

internal sealed record FhirPeriod(DateTimeOffset Start, DateTimeOffset End);

internal sealed record FhirQuantity(int Value, string Unit, string System, string Code);
