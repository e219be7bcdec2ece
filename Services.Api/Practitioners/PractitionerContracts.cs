using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Practitioners;

/// <summary>Who treats.</summary>
/// <param name="Title">The professional title.</param>
/// <param name="Specialities">What they treat.</param>
/// <param name="Status">active or inactive.</param>
/// <param name="Role">Of their account: owner, practitioner, reception or admin; null for those who do not sign in.</param>
/// <param name="SessionFeeMinor">Of a session they held, in minor units of the practice's currency; null for the practice's fee, and for those
/// who do not see it: everybody but themself, who leads and reception.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000101","name":"Nora Berg","title":"Psychologist","email":"nora.berg@harbourlane.example","phone":"+44 1273 550 101","specialities":["insomnia"],"status":"active","role":"practitioner","sessionFeeMinor":null}</example>
public sealed record PractitionerResponse(
    Guid Id, string Name, string Title, string Email, string Phone, IReadOnlyList<string> Specialities, string Status, string? Role,
    int? SessionFeeMinor);

/// <summary>A page of practitioners by name.</summary>
public sealed record PractitionerListResponse(
    IReadOnlyList<PractitionerResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>Everything of a practitioner; what is absent becomes empty.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Title">The professional title, up to 200 characters.</param>
/// <param name="Specialities">At most 20.</param>
/// <param name="SessionFeeMinor">Of a session they hold, in minor units of the practice's currency; null for the practice's fee.</param>
/// <param name="Status">active or inactive; active when absent.</param>
/// <example>{"name":"Nora Berg","title":"Psychologist","email":"nora.berg@harbourlane.example","phone":"+44 1273 550 101","specialities":["insomnia"],"status":"active"}</example>
public sealed record PractitionerRequest(
    [Required] string? Name, string? Title, string? Email, string? Phone, IReadOnlyList<string?>? Specialities,
    [AllowedValues(null, "active", "inactive")] string? Status, [Range(0, PracticeService.MaxFeeMinor)] int? SessionFeeMinor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PractitionerListResponse))]
[JsonSerializable(typeof(PractitionerRequest))]
internal sealed partial class PractitionerJsonContext : JsonSerializerContext;
