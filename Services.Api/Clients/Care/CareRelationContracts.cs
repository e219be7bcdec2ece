using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Clients.Care;

/// <summary>Who is to treat a client, and when.</summary>
/// <param name="Kind">joint or cover; main for the client's main practitioner only.</param>
/// <param name="StartedOn">The first day, in the practice's time zone.</param>
/// <param name="EndedOn">The first day they treat the client no longer; null for no end.</param>
/// <example>{"practitionerId":"0a000000-0000-7000-8000-000000000102","kind":"cover","startedOn":"2026-12-21","endedOn":"2027-01-04"}</example>
public sealed record ArrangeCareRequest([Required] Guid? PractitionerId, [Required, AllowedValues("main", "joint", "cover")] string? Kind, [Required] DateOnly? StartedOn, DateOnly? EndedOn);

/// <summary>The days of a care relation.</summary>
/// <param name="StartedOn">The first day, in the practice's time zone.</param>
/// <param name="EndedOn">The same day as the start for a relation that never came to be; null for no end.</param>
/// <example>{"startedOn":"2026-12-21","endedOn":"2026-12-28"}</example>
public sealed record ChangeCareRequest([Required] DateOnly? StartedOn, DateOnly? EndedOn);

/// <summary>That a practitioner treats a client, in days of the practice.</summary>
/// <param name="Kind">main, joint or cover.</param>
/// <param name="Status">upcoming, current or past.</param>
/// <param name="StartedOn">The first day.</param>
/// <param name="EndedOn">The first day they treat the client no longer; null for no end.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000901","clientId":"0a000000-0000-7000-8000-000000000301","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","kind":"main","status":"current","startedOn":"2026-06-02","endedOn":null}</example>
public sealed record CareRelationResponse(
    Guid Id, Guid ClientId, Guid PractitionerId, string? PractitionerName, string Kind, string Status, DateOnly StartedOn, DateOnly? EndedOn);

/// <summary>A page of care relations, the latest start first.</summary>
/// <example>{"items":[{"id":"0a000000-0000-7000-8000-000000000901","clientId":"0a000000-0000-7000-8000-000000000301","practitionerId":"0a000000-0000-7000-8000-000000000101","practitionerName":"Nora Berg","kind":"main","status":"current","startedOn":"2026-06-02","endedOn":null}]}</example>
public sealed record CareRelationListResponse(
    IReadOnlyList<CareRelationResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ArrangeCareRequest))]
[JsonSerializable(typeof(ChangeCareRequest))]
[JsonSerializable(typeof(CareRelationResponse))]
[JsonSerializable(typeof(CareRelationListResponse))]
internal sealed partial class CareRelationJsonContext : JsonSerializerContext;
