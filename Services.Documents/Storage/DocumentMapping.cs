namespace AiPlatform.Services.Documents.Storage;

internal static class DocumentMapping
{
    public static DocumentResponse ToResponse(StoredDocument document)
    {
        var (head, version) = document;
        return new(
            head.Id, version.Name, version.Version, head.ClientId, head.ClientName, head.PractitionerId, head.PractitionerName,
            new(head.TemplateId, head.TemplateName), head.SessionIds, head.ChatSessionId, version.CreatedAt, version.Content, version.Sections,
            ToMetadata(document));
    }

    public static DocumentSummary ToSummary(StoredDocument document)
    {
        var (head, version) = document;
        return new(
            head.Id, version.Name, version.Version, head.ClientId, head.ClientName, head.PractitionerId, head.PractitionerName,
            new(head.TemplateId, head.TemplateName), head.SessionIds, head.ChatSessionId, version.CreatedAt, ToMetadata(document));
    }

    private static DocumentMetadata ToMetadata(StoredDocument document) => new(
        document.Head.TemplateId, document.Head.TemplateName, document.Head.ClientId, document.Head.PractitionerId,
        document.Version.WordCount, document.Version.ProcessingMethod, document.Version.Model, document.Version.GenerationTimeMs,
        document.Version.Note);
}
