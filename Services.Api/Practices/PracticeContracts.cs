using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Practices;

/// <summary>The practice as its people see it; "clinic" on the wire.</summary>
/// <param name="OwnerName">Who leads it.</param>
/// <param name="Phone">The telephone number.</param>
/// <param name="TimeZone">The IANA name of its time zone.</param>
/// <param name="Contacts">Whom to reach for what.</param>
/// <param name="Email">Absent, as the phone and the contacts, when contacts were not asked for.</param>
/// <param name="SessionFeeMinor">Of a held session in minor units (pence, cents); null for clients.</param>
/// <param name="Currency">ISO 4217; null for clients.</param>
/// <param name="Locations">Absent when they were not asked for.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000001","name":"Harbour Lane Counselling","ownerName":"Ingrid Solheim","email":"desk@harbourlane.example","phone":"+44 1273 550 100","timeZone":"Europe/London","sessionFeeMinor":8500,"currency":"GBP","contacts":[{"kind":"billing","name":"Josie Calder","email":"billing@harbourlane.example","phone":""}],"locations":[{"id":"0a000000-0000-7000-8000-000000000011","name":"Harbour Lane","street":"4 Harbour Lane","city":"Brighton","postcode":"BN1 1AA","country":"United Kingdom"}]}</example>
public sealed record PracticeResponse(
    Guid Id, string Name, string OwnerName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Email,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Phone,
    string TimeZone, int? SessionFeeMinor, string? Currency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ContactResponse>? Contacts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LocationResponse>? Locations);

/// <summary>Whom to reach for what.</summary>
/// <param name="Kind">general, appointments, billing, emergency, privacy or technical.</param>
/// <example>{"kind":"billing","name":"Josie Calder","email":"billing@harbourlane.example","phone":""}</example>
public sealed record ContactResponse(string Kind, string Name, string Email, string Phone);

/// <summary>A place where the practice treats.</summary>
/// <param name="Street">Street and number.</param>
/// <param name="City">The town.</param>
/// <param name="Postcode">The postcode.</param>
/// <param name="Country">The country.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000011","name":"Harbour Lane","street":"4 Harbour Lane","city":"Brighton","postcode":"BN1 1AA","country":"United Kingdom"}</example>
public sealed record LocationResponse(Guid Id, string Name, string Street, string City, string Postcode, string Country);

/// <summary>Everything of a practice but its locations; what is absent becomes empty.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="OwnerName">Who leads it, 1 to 200 characters.</param>
/// <param name="TimeZone">An IANA name.</param>
/// <param name="SessionFeeMinor">Of a held session, in minor units of the currency; needs one.</param>
/// <param name="Currency">ISO 4217, for every fee of the practice.</param>
/// <param name="Contacts">In the order they are shown; at most 20.</param>
/// <example>{"name":"Harbour Lane Counselling","ownerName":"Ingrid Solheim","email":"desk@harbourlane.example","phone":"+44 1273 550 100","timeZone":"Europe/London","sessionFeeMinor":8500,"currency":"GBP","contacts":[{"kind":"billing","name":"Josie Calder","email":"billing@harbourlane.example"}]}</example>
public sealed record ChangePracticeRequest(
    [Required] string? Name, [Required] string? OwnerName, string? Email, string? Phone, [Required] string? TimeZone,
    [Range(0, PracticeService.MaxFeeMinor)] int? SessionFeeMinor, string? Currency, IReadOnlyList<ContactRequest?>? Contacts);

/// <summary>Whom to reach for what.</summary>
/// <param name="Kind">general, appointments, billing, emergency, privacy or technical.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">This, the phone, or both.</param>
/// <example>{"kind":"billing","name":"Josie Calder","email":"billing@harbourlane.example"}</example>
public sealed record ContactRequest(
    [Required, AllowedValues("general", "appointments", "billing", "emergency", "privacy", "technical")] string? Kind, [Required] string? Name, string? Email, string? Phone);

/// <summary>A place where the practice treats.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Street">Street and number, 1 to 200 characters.</param>
/// <param name="City">The town, 1 to 100 characters.</param>
/// <param name="Postcode">The postcode, up to 20 characters.</param>
/// <param name="Country">The country, 1 to 60 characters.</param>
/// <example>{"name":"Harbour Lane","street":"4 Harbour Lane","city":"Brighton","postcode":"BN1 1AA","country":"United Kingdom"}</example>
public sealed record LocationRequest(
    [Required] string? Name, [Required] string? Street, [Required] string? City, string? Postcode, [Required] string? Country);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PracticeResponse))]
[JsonSerializable(typeof(LocationResponse))]
[JsonSerializable(typeof(ChangePracticeRequest))]
[JsonSerializable(typeof(LocationRequest))]
internal sealed partial class PracticeJsonContext : JsonSerializerContext;
