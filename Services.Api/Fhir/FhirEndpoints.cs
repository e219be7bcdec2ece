using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Clients;
using AiPlatform.Services.Api.ClinicalSessions;
using AiPlatform.Services.Api.Data;
using AiPlatform.Services.Api.Practitioners;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>FHIR R4, to read. Who may see what is decided as in the native routes.</summary>
internal static class FhirEndpoints
{
    public const string Path = "/fhir";

    public static RouteGroupBuilder MapFhir(this RouteGroupBuilder group)
    {
        group.WithTags("FHIR").AddEndpointFilter<FhirFormatFilter>();
        group.MapGet("/metadata", GetMetadata).WithName("GetFhirMetadata").AllowAnonymous().ProducesFhir(FhirCapabilityStatement.At("https://api.example/fhir"));
        group.MapGet("/Patient", SearchPatientsAsync).WithName("SearchFhirPatients").ProducesFhir(FhirSamples.PageOf(FhirSamples.Patient)).TakesFhirSearch("_id", "_lastUpdated");
        group.MapGet("/Patient/{id}", ReadPatientAsync).WithName("GetFhirPatient").ReadsFhir(FhirSamples.Patient, "client.not_found");
        group.MapGet("/Practitioner", SearchPractitionersAsync).WithName("SearchFhirPractitioners").ProducesFhir(FhirSamples.PageOf(FhirSamples.Practitioner)).TakesFhirSearch("_id", "_lastUpdated");
        group.MapGet("/Practitioner/{id}", ReadPractitionerAsync).WithName("GetFhirPractitioner").ReadsFhir(FhirSamples.Practitioner, "practitioner.not_found");
        group.MapGet("/Encounter", SearchEncountersAsync).WithName("SearchFhirEncounters").ProducesFhir(FhirSamples.PageOf(FhirSamples.Encounter)).TakesFhirSearch("_id", "_lastUpdated", "patient");
        group.MapGet("/Encounter/{id}", ReadEncounterAsync).WithName("GetFhirEncounter").ReadsFhir(FhirSamples.Encounter, "session.not_found");
        return group;
    }

    /// <summary>Says what is served here: FHIR's CapabilityStatement.</summary>
    internal static FhirResult GetMetadata(HttpRequest request) => new(FhirCapabilityStatement.At(BaseUrl(request)));

    /// <summary>Reads a client as Patient.</summary>
    internal static async Task<FhirResult> ReadPatientAsync(string id, CurrentUser user, FhirPatients patients, CancellationToken cancellationToken) =>
        FhirId.TryParse(id) is { } known && await patients.FindAsync(user, known, cancellationToken) is { } client
            ? new(FhirMapping.ToPatient(client))
            : throw ClientAccess.NotFound();

    /// <summary>Reads a practitioner as Practitioner.</summary>
    internal static async Task<FhirResult> ReadPractitionerAsync(
        string id, CurrentUser user, PractitionerChanges practitioners, CancellationToken cancellationToken) =>
        await FindAsync(id, ids => practitioners.ListAsync(user.PracticeId, new() { Ids = ids }, cancellationToken)) is { } practitioner
            ? new(FhirMapping.ToPractitioner(practitioner))
            : throw new DomainException(DomainErrorKind.NotFound, "practitioner.not_found", "There is no such practitioner.");

    /// <summary>Reads a session as Encounter; no word of what was said.</summary>
    internal static async Task<FhirResult> ReadEncounterAsync(
        string id, CurrentUser user, ClientGate gate, ClinicalSessionChanges sessions, CancellationToken cancellationToken)
    {
        var scope = await gate.ScopeOfAsync(user, cancellationToken);
        return await FindAsync(id, ids => sessions.ListAsync(user.PracticeId, new() { Scope = scope, Ids = ids }, cancellationToken)) is { } session
            ? new(FhirMapping.ToEncounter(session))
            : throw new DomainException(DomainErrorKind.NotFound, "session.not_found", "There is no such session.");
    }

    /// <summary>Searches clients as Patient, in the order of their last change.</summary>
    internal static async Task<FhirResult> SearchPatientsAsync(
        HttpRequest request, CurrentUser user, ClientGate gate, FhirPatients patients, ClientChanges clients, CancellationToken cancellationToken) =>
        await SearchAsync(
            request,
            "Patient",
            FhirSearch.Read(request, BaseUrl(request), "_id", "_lastUpdated").Within(await gate.ScopeOfAsync(user, cancellationToken)),
            filter => patients.ListAsync(user, filter, cancellationToken),
            filter => clients.CountAsync(user.PracticeId, filter, cancellationToken),
            FhirMapping.ToPatient);

    /// <summary>Searches practitioners as Practitioner, in the order of their last change.</summary>
    internal static Task<FhirResult> SearchPractitionersAsync(
        HttpRequest request, CurrentUser user, PractitionerChanges practitioners, CancellationToken cancellationToken) =>
        SearchAsync(
            request,
            "Practitioner",
            FhirSearch.Read(request, BaseUrl(request), "_id", "_lastUpdated"),
            filter => practitioners.ListAsync(user.PracticeId, filter, cancellationToken),
            filter => practitioners.CountAsync(user.PracticeId, filter, cancellationToken),
            FhirMapping.ToPractitioner);

    /// <summary>Searches sessions as Encounter, in the order of their last change.</summary>
    internal static async Task<FhirResult> SearchEncountersAsync(
        HttpRequest request, CurrentUser user, ClientGate gate, ClinicalSessionChanges sessions, CancellationToken cancellationToken) =>
        await SearchAsync(
            request,
            "Encounter",
            FhirSearch.Read(request, BaseUrl(request), "_id", "_lastUpdated", "patient").Within(await gate.ScopeOfAsync(user, cancellationToken)),
            filter => sessions.ListAsync(user.PracticeId, filter, cancellationToken),
            filter => sessions.CountAsync(user.PracticeId, filter, cancellationToken),
            FhirMapping.ToEncounter);

    private static async Task<T?> FindAsync<T>(string id, Func<Guid[], Task<IReadOnlyList<T>>> list)
        where T : class =>
        FhirId.TryParse(id) is { } known ? (await list([known])).SingleOrDefault() : null;

    private static async Task<FhirResult> SearchAsync<T>(
        HttpRequest request,
        string type,
        FhirSearch search,
        Func<ChangeFilter, Task<IReadOnlyList<T>>> list,
        Func<ChangeFilter, Task<int>> count,
        Func<T, FhirResource> map)
    {
        var url = $"{BaseUrl(request)}/{type}";
        var self = new FhirLink("self", search.Link(url, search.Cursor));
        if (search.Count == 0)
        {
            return new(new FhirBundle("searchset", await count(search.Filter), [self], null));
        }

        // One more than asked for tells whether there is a next page; all on one page are counted for nothing.
        var found = await list(search.Filter);
        var page = found.Take(search.Count).Select(map).ToList();
        var hasMore = found.Count > search.Count;
        return new(new FhirBundle(
            "searchset",
            hasMore || search.Cursor is not null ? null : page.Count,
            hasMore ? [self, new("next", search.Link(url, FhirCursor.Write(new(page[^1].Meta!.LastUpdated, new(page[^1].Id!)))))] : [self],
            page.Count == 0 ? null : [.. page.Select(resource => new FhirBundleEntry($"{url}/{resource.Id}", resource, new("match")))]));
    }

    private static string BaseUrl(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}{Path}";
}
