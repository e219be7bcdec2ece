using System.Text.Json.Serialization;
using AiPlatform.Services.Documents.Grounding;

namespace AiPlatform.Services.Documents.Storage;

/// <summary>A document in one of its versions.</summary>
/// <param name="Content">The rendered markdown.</param>
public sealed record DocumentResponse(
    Guid Id,
    string Name,
    int Version,
    Guid ClientId,
    string ClientName,
    Guid? PractitionerId,
    string PractitionerName,
    DocumentTemplate Template,
    IReadOnlyList<Guid> SessionIds,
    string? ChatSessionId,
    DateTimeOffset CreatedAt,
    string Content,
    IReadOnlyList<DocumentSection> Sections,
    DocumentMetadata Metadata);

public sealed record DocumentTemplate(Guid? Id, string Name);

/// <param name="ProcessingMethod">single_pass, or multi_part for a transcript that was drafted in parts.</param>
/// <param name="Model">The model that wrote it, as it named itself.</param>
/// <param name="Note">What of the instructions the model says it could not do; absent when there is nothing to say.</param>
public sealed record DocumentMetadata(
    Guid? TemplateId,
    string TemplateName,
    Guid ClientId,
    Guid? PractitionerId,
    int WordCount,
    string ProcessingMethod,
    string Model,
    long GenerationTimeMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note);

/// <param name="NextCursor">Asks for the next page; absent on the last.</param>
public sealed record DocumentListResponse(
    IReadOnlyList<DocumentSummary> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

public sealed record DocumentSummary(
    Guid Id,
    string Name,
    int Version,
    Guid ClientId,
    string ClientName,
    Guid? PractitionerId,
    string PractitionerName,
    DocumentTemplate Template,
    IReadOnlyList<Guid> SessionIds,
    string? ChatSessionId,
    DateTimeOffset CreatedAt,
    DocumentMetadata Metadata);

public sealed record DocumentVersionListResponse(IReadOnlyList<DocumentVersionResponse> Items);

public sealed record DocumentVersionResponse(
    int Version, string Name, string Instructions, int WordCount, string Model, DateTimeOffset CreatedAt);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DocumentResponse))]
[JsonSerializable(typeof(DocumentListResponse))]
[JsonSerializable(typeof(DocumentVersionListResponse))]
internal sealed partial class DocumentJsonContext : JsonSerializerContext;
