namespace AiPlatform.Services.Chat.Services;

internal sealed record DocumentTemplateList(IReadOnlyList<DocumentTemplate> Items);

internal sealed record DocumentTemplate(
    Guid Id, string Name, string Content, string? Description = null, string? Type = null, IReadOnlyList<string>? Variables = null);

internal sealed record GenerateDocumentRequest(
    DocumentTemplateChoice Template, string? DocumentName, string? Instructions, Guid? ClientId, IReadOnlyList<Guid> SessionIds, string? ChatSessionId);

/// <summary>A stored template by id, or a text given here.</summary>
internal sealed record DocumentTemplateChoice(Guid? Id, string? Name, string? Content);

internal sealed record RefineDocumentRequest(string Instructions, string? DocumentName);

internal sealed record ClinicalDocument(
    Guid Id, string Name, int Version, DateTimeOffset CreatedAt, string Content, Guid? ClientId = null, string? ClientName = null,
    DocumentTemplateName? Template = null, IReadOnlyList<Guid>? SessionIds = null, IReadOnlyList<DocumentSection>? Sections = null,
    DocumentMetadata? Metadata = null);

/// <param name="Note">What the writer could not do of what was asked, in words for the user; null when it did everything.</param>
internal sealed record DocumentMetadata(string? Note = null);

internal sealed record DocumentTemplateName(Guid? Id = null, string? Name = null);

internal sealed record DocumentSection(string Heading, bool Discussed, IReadOnlyList<DocumentSentence>? Sentences = null);

internal sealed record DocumentSentence(string Text, bool Supported);
