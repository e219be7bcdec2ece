using System.Text.Json;

namespace AiPlatform.Services.Documents.Storage;

/// <summary>A document joined with one of its versions, as the tables hold them.</summary>
internal sealed record DocumentRow
{
    public const string Select =
        """
        select d.id as Id, d.created_by as DocumentCreatedBy, d.client_id as ClientId, d.client_name as ClientName,
            d.practitioner_id as PractitionerId, d.practitioner_name as PractitionerName, d.template_id as TemplateId,
            d.template_name as TemplateName, d.template_content as TemplateContent, d.session_ids as SessionIds,
            d.chat_session_id as ChatSessionId, v.version as Version, v.name as Name, v.title as Title, v.content as Content,
            v.sections as Sections, v.instructions as Instructions, v.note as Note, v.word_count as WordCount,
            v.processing_method as ProcessingMethod, v.model as Model, v.generation_time_ms as GenerationTimeMs,
            v.created_by as CreatedBy, v.created_at as CreatedAt
        from documents d
        join document_versions v on v.document_id = d.id
        """;

    public Guid Id { get; init; }

    public Guid DocumentCreatedBy { get; init; }

    public Guid ClientId { get; init; }

    public string ClientName { get; init; } = "";

    public Guid? PractitionerId { get; init; }

    public string PractitionerName { get; init; } = "";

    public Guid? TemplateId { get; init; }

    public string TemplateName { get; init; } = "";

    public string TemplateContent { get; init; } = "";

    public string SessionIds { get; init; } = "[]";

    public string? ChatSessionId { get; init; }

    public int Version { get; init; }

    public string Name { get; init; } = "";

    public string? Title { get; init; }

    public string Content { get; init; } = "";

    public string Sections { get; init; } = "[]";

    public string Instructions { get; init; } = "";

    public string? Note { get; init; }

    public int WordCount { get; init; }

    public string ProcessingMethod { get; init; } = "";

    public string Model { get; init; } = "";

    public long GenerationTimeMs { get; init; }

    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public StoredDocument ToDocument() => new(
        new DocumentHead(
            Id, DocumentCreatedBy, ClientId, ClientName, PractitionerId, PractitionerName, TemplateId, TemplateName, TemplateContent,
            JsonSerializer.Deserialize(SessionIds, StorageJsonContext.Default.IReadOnlyListGuid)!, ChatSessionId),
        new DocumentVersion(
            Version, Name, Title, Content, JsonSerializer.Deserialize(Sections, StorageJsonContext.Default.IReadOnlyListDocumentSection)!,
            Instructions, Note, WordCount, ProcessingMethod, Model, GenerationTimeMs, CreatedBy, CreatedAt));
}
