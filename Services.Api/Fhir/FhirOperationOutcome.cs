namespace AiPlatform.Services.Api.Fhir;

internal sealed record FhirOperationOutcome(IReadOnlyList<FhirIssue> Issue) : FhirResource;

/// <param name="Code">Of FHIR's issue types.</param>
/// <param name="Details">Our own code, and the words for people.</param>
/// <param name="Diagnostics">The trace to look for.</param>
/// <param name="Location">"http." and the parameter's name.</param>
internal sealed record FhirIssue(
    string Severity, string Code, FhirCodeableConcept Details, string? Diagnostics, IReadOnlyList<string>? Location);
