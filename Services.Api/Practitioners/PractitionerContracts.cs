using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Practitioners;

/// <param name="Status">active or inactive.</param>
/// <param name="Role">Of their account: owner, practitioner, reception or admin; null for those who do not sign in.</param>
/// <param name="SessionFeeMinor">Of a session they held, in minor units of the practice's currency; null for the practice's fee, and for those
/// who do not see it: everybody but themself, who leads and reception.</param>
public sealed record PractitionerResponse(
    Guid Id, string Name, string Title, string Email, string Phone, IReadOnlyList<string> Specialities, string Status, string? Role,
    int? SessionFeeMinor);

public sealed record PractitionerListResponse(
    IReadOnlyList<PractitionerResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>Everything of a practitioner; what is absent becomes empty.</summary>
/// <param name="Specialities">At most 20.</param>
/// <param name="Status">active or inactive; active when absent.</param>
public sealed record PractitionerRequest(
    string? Name, string? Title, string? Email, string? Phone, IReadOnlyList<string?>? Specialities, string? Status, int? SessionFeeMinor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PractitionerListResponse))]
[JsonSerializable(typeof(PractitionerRequest))]
internal sealed partial class PractitionerJsonContext : JsonSerializerContext;
