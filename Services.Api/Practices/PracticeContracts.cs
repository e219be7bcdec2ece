using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Practices;

/// <summary>The practice as its people see it; "clinic" on the wire.</summary>
public sealed record PracticeResponse(
    Guid Id, string Name, string OwnerName, string Email, string Phone, string TimeZone, IReadOnlyList<LocationResponse> Locations);

public sealed record LocationResponse(string Name, string Street, string City, string Postcode, string Country);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PracticeResponse))]
internal sealed partial class PracticeJsonContext : JsonSerializerContext;
