using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Practices;

/// <summary>The practice as its people see it; "clinic" on the wire.</summary>
/// <param name="Email">Absent, as the phone and the contacts, when contacts were not asked for.</param>
/// <param name="SessionFeeMinor">Of a held session in minor units (pence, cents); null for clients.</param>
/// <param name="Currency">ISO 4217; null for clients.</param>
/// <param name="Locations">Absent when they were not asked for.</param>
public sealed record PracticeResponse(
    Guid Id, string Name, string OwnerName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Email,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Phone,
    string TimeZone, int? SessionFeeMinor, string? Currency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ContactResponse>? Contacts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LocationResponse>? Locations);

public sealed record ContactResponse(string Kind, string Name, string Email, string Phone);

public sealed record LocationResponse(Guid Id, string Name, string Street, string City, string Postcode, string Country);

/// <summary>Everything of a practice but its locations; what is absent becomes empty.</summary>
/// <param name="TimeZone">An IANA name.</param>
/// <param name="SessionFeeMinor">Of a held session, in minor units of the currency; needs one.</param>
/// <param name="Currency">ISO 4217, for every fee of the practice.</param>
/// <param name="Contacts">In the order they are shown; at most 20.</param>
public sealed record ChangePracticeRequest(
    string? Name, string? OwnerName, string? Email, string? Phone, string? TimeZone, int? SessionFeeMinor, string? Currency,
    IReadOnlyList<ContactRequest?>? Contacts);

/// <param name="Kind">general, appointments, billing, emergency, privacy or technical.</param>
/// <param name="Email">This, the phone, or both.</param>
public sealed record ContactRequest(string? Kind, string? Name, string? Email, string? Phone);

public sealed record LocationRequest(string? Name, string? Street, string? City, string? Postcode, string? Country);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PracticeResponse))]
[JsonSerializable(typeof(LocationResponse))]
[JsonSerializable(typeof(ChangePracticeRequest))]
[JsonSerializable(typeof(LocationRequest))]
internal sealed partial class PracticeJsonContext : JsonSerializerContext;
