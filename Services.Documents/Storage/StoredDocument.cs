using AiPlatform.Services.Documents.Grounding;

namespace AiPlatform.Services.Documents.Storage;

/// <summary>What all versions of a document share.</summary>
internal sealed record DocumentHead(
    Guid Id,
    Guid CreatedBy,
    Guid ClientId,
    string ClientName,
    Guid? PractitionerId,
    string PractitionerName,
    Guid? TemplateId,
    string TemplateName,
    string TemplateContent,
    IReadOnlyList<Guid> SessionIds,
    string? ChatSessionId);

/// <summary>One immutable state of a document.</summary>
/// <param name="Title">The title asked for; null means the template's own.</param>
/// <param name="Instructions">What the caller asked for beside the template.</param>
/// <param name="Note">What of the instructions the model says it could not do.</param>
internal sealed record DocumentVersion(
    int Version,
    string Name,
    string? Title,
    string Content,
    IReadOnlyList<DocumentSection> Sections,
    string Instructions,
    string? Note,
    int WordCount,
    string ProcessingMethod,
    string Model,
    long GenerationTimeMs,
    Guid CreatedBy,
    DateTimeOffset CreatedAt);

internal sealed record StoredDocument(DocumentHead Head, DocumentVersion Version);
