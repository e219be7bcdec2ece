using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Documents.Services;

// What this service reads of Services.Api's answers; the rest of them is passed over.

internal sealed record ApiClientRecord(Guid Id, string Name);

internal sealed record ApiMe(Guid Id, Guid? ProfileId = null, string? DisplayName = null);

internal sealed record ApiClinic(string Name, string? TimeZone = null);

internal sealed record ApiSession(
    Guid SessionId, Guid ClientId, DateTimeOffset StartedAt, Guid? PractitionerId = null, string? PractitionerName = null, string? Title = null,
    IReadOnlyList<ApiSegment>? Segments = null);

internal sealed record ApiSegment(int Index, string Speaker, string Start, string Text);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ApiClientRecord))]
[JsonSerializable(typeof(ApiMe))]
[JsonSerializable(typeof(ApiClinic))]
[JsonSerializable(typeof(ApiSession))]
internal sealed partial class PracticeApiJsonContext : JsonSerializerContext;
