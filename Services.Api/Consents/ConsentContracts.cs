using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Consents;

/// <summary>What a client said.</summary>
/// <param name="Kind">recording.</param>
/// <param name="Status">given or withdrawn.</param>
/// <param name="OccurredAt">When the client said so, with its offset, not in the future; now when absent.</param>
/// <example>{"kind":"recording","status":"given","occurredAt":"2026-11-20T08:00:00Z"}</example>
public sealed record RecordConsentRequest(
    [Required, AllowedValues(ConsentKinds.Recording)] string? Kind,
    [Required, AllowedValues(ConsentStatus.Given, ConsentStatus.Withdrawn)] string? Status,
    DateTimeOffset? OccurredAt);

/// <summary>What a client said, as it was written down.</summary>
/// <param name="Kind">recording.</param>
/// <param name="Status">given or withdrawn.</param>
/// <param name="OccurredAt">When the client said so.</param>
/// <param name="RecordedAt">When it was written down.</param>
/// <param name="RecordedBy">The user who wrote it down; the client's own when they said it themself.</param>
/// <param name="RecordedByRole">Their role then.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000901","kind":"recording","status":"given","occurredAt":"2026-06-02T09:00:00Z","recordedAt":"2026-06-02T09:05:00Z","recordedBy":"0a000000-0000-7000-8000-000000000204","recordedByRole":"owner"}</example>
public sealed record ConsentEntryResponse(
    Guid Id, string Kind, string Status, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, Guid RecordedBy, string RecordedByRole);

/// <summary>What holds of a client's consents, and how it came to that.</summary>
/// <param name="Recording">What holds now: given, withdrawn, or none when nothing was ever said.</param>
/// <param name="Items">The history, newest first by when it was said.</param>
/// <example>{"clientId":"0a000000-0000-7000-8000-000000000301","recording":"given","items":[{"id":"0a000000-0000-7000-8000-000000000901","kind":"recording","status":"given","occurredAt":"2026-06-02T09:00:00Z","recordedAt":"2026-06-02T09:05:00Z","recordedBy":"0a000000-0000-7000-8000-000000000204","recordedByRole":"owner"}]}</example>
public sealed record ConsentListResponse(
    Guid ClientId, string Recording, IReadOnlyList<ConsentEntryResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RecordConsentRequest))]
[JsonSerializable(typeof(ConsentEntryResponse))]
[JsonSerializable(typeof(ConsentListResponse))]
internal sealed partial class ConsentJsonContext : JsonSerializerContext;
