namespace AiPlatform.Services.Api.Fhir;

/// <summary>A page of a search.</summary>
/// <param name="Total">Of all pages; only there when it was asked for or costs nothing.</param>
internal sealed record FhirBundle(
    string Type, int? Total, IReadOnlyList<FhirLink> Link, IReadOnlyList<FhirBundleEntry>? Entry) : FhirResource;

internal sealed record FhirLink(string Relation, string Url);

internal sealed record FhirBundleEntry(string FullUrl, FhirResource Resource, FhirEntrySearch Search);

internal sealed record FhirEntrySearch(string Mode);
