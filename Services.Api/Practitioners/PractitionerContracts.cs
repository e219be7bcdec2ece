using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Practitioners;

public sealed record PractitionerResponse(
    Guid Id, string Name, string Title, string Email, string Phone, IReadOnlyList<string> Specialities, string Status);

public sealed record PractitionerListResponse(IReadOnlyList<PractitionerResponse> Items);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PractitionerListResponse))]
internal sealed partial class PractitionerJsonContext : JsonSerializerContext;
