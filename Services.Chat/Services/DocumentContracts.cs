namespace AiPlatform.Services.Chat.Services;

internal sealed record DocumentTemplateList(IReadOnlyList<DocumentTemplate> Items);

internal sealed record DocumentTemplate(
    Guid Id, string Name, string? Description, string? Type, string Content, IReadOnlyList<string>? Variables);

internal sealed record GenerateDocumentRequest(
    DocumentTemplateChoice Template, string? DocumentName, string? Instructions, Guid? ClientId, IReadOnlyList<Guid> SessionIds, string? ChatSessionId);

/// <summary>A stored template by id, or a text given here.</summary>
internal sealed record DocumentTemplateChoice(Guid? Id, string? Name, string? Content);

internal sealed record RefineDocumentRequest(string Instructions, string? DocumentName);

internal sealed record ClinicalDocument(
    Guid Id, string Name, int Version, Guid? ClientId, string? ClientName, DocumentTemplateName? Template, IReadOnlyList<Guid>? SessionIds,
    DateTimeOffset CreatedAt, string Content, IReadOnlyList<DocumentSection>? Sections, DocumentMetadata? Metadata);

internal sealed record DocumentTemplateName(Guid? Id, string? Name);

internal sealed record DocumentSection(string Heading, bool Discussed, IReadOnlyList<DocumentSentence>? Sentences);

internal sealed record DocumentSentence(string Text, bool Supported);

internal sealed record DocumentMetadata(int WordCount, string? ProcessingMethod, string? Model);
