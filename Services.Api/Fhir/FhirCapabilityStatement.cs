namespace AiPlatform.Services.Api.Fhir;

/// <summary>What is served here, and nothing that is not.</summary>
internal sealed record FhirCapabilityStatement(
    string Status, string Date, string Kind, FhirSoftware Software, FhirImplementation Implementation, string FhirVersion,
    IReadOnlyList<string> Format, IReadOnlyList<FhirRest> Rest) : FhirResource
{
    // Changes with what the statement says.
    private const string Published = "2026-11-20";

    private static readonly FhirSearchParam ById = new("_id", "http://hl7.org/fhir/SearchParameter/Resource-id", "token");

    private static readonly FhirSearchParam ByLastUpdated = new(
        "_lastUpdated", "http://hl7.org/fhir/SearchParameter/Resource-lastUpdated", "date",
        "Prefixes eq, ne, gt, lt, ge, le, sa and eb. Given more than once, all must hold.");

    private static readonly FhirSearchParam ByPatient = new("patient", "http://hl7.org/fhir/SearchParameter/clinical-patient", "reference");

    public static FhirCapabilityStatement At(string baseUrl) => new(
        "active", Published, "instance", new("AiPlatform"), new("The clients, practitioners and sessions of a practice, to read.", baseUrl), "4.0.1",
        [FhirFormat.FhirJson, FhirFormat.Json],
        [
            new(
                "server",
                $"Read only. _count is at most {FhirSearch.MaxCount}; pages are followed by their next link, in the order of the last change.",
                new("A bearer token of this platform; its practice and role decide what is found."),
                [
                    Resource("Encounter", ById, ByLastUpdated, ByPatient),
                    Resource("Patient", ById, ByLastUpdated),
                    Resource("Practitioner", ById, ByLastUpdated),
                ]),
        ]);

    private static FhirRestResource Resource(string type, params FhirSearchParam[] parameters) =>
        new(type, [new("read"), new("search-type")], "versioned", ReadHistory: false, UpdateCreate: false, "not-match", parameters);
}

internal sealed record FhirSoftware(string Name);

internal sealed record FhirImplementation(string Description, string Url);

internal sealed record FhirRest(string Mode, string Documentation, FhirSecurity Security, IReadOnlyList<FhirRestResource> Resource);

internal sealed record FhirSecurity(string Description);

internal sealed record FhirRestResource(
    string Type, IReadOnlyList<FhirInteraction> Interaction, string Versioning, bool ReadHistory, bool UpdateCreate, string ConditionalRead,
    IReadOnlyList<FhirSearchParam> SearchParam);

internal sealed record FhirInteraction(string Code);

internal sealed record FhirSearchParam(string Name, string Definition, string Type, string? Documentation = null);
