using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Documents.Storage;

/// <summary>Reading what was written.</summary>
internal static class DocumentEndpoints
{
    public static RouteGroupBuilder MapStoredDocuments(this RouteGroupBuilder group)
    {
        group.WithTags("Documents");
        group.MapGet("/", ListAsync).WithName("ListDocuments");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetDocument");
        group.MapGet("/{id:guid}/versions", ListVersionsAsync).WithName("ListDocumentVersions");
        group.MapGet("/{id:guid}/versions/{version:int}", GetVersionAsync).WithName("GetDocumentVersion");
        return group;
    }

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "document.not_found", "There is no such document.");

    private static async Task<Ok<DocumentListResponse>> ListAsync(
        IDocumentStore store, CurrentUser user, CancellationToken cancellationToken,
        [FromQuery(Name = "session_id"), StringLength(200)] string? sessionId = null, Guid? cursor = null, [Range(1, 100)] int limit = 50)
    {
        // One more than asked for tells whether there is another page.
        var documents = await store.ListAsync(user.PracticeId, user.UserId, sessionId, cursor, limit + 1, cancellationToken);
        var page = documents.Take(limit).Select(DocumentMapping.ToSummary).ToArray();
        return TypedResults.Ok(new DocumentListResponse(page, documents.Count > limit ? page[^1].Id.ToString() : null));
    }

    private static async Task<Ok<DocumentResponse>> GetAsync(
        Guid id, DocumentReader documents, CurrentUser user, CancellationToken cancellationToken) =>
        TypedResults.Ok(DocumentMapping.ToResponse(await documents.GetAsync(user, id, null, cancellationToken)));

    private static async Task<Ok<DocumentVersionListResponse>> ListVersionsAsync(
        Guid id, DocumentReader documents, IDocumentStore store, CurrentUser user, CancellationToken cancellationToken)
    {
        var document = await documents.GetAsync(user, id, null, cancellationToken);
        var versions = await store.ListVersionsAsync(user.PracticeId, document.Head.Id, cancellationToken);
        return TypedResults.Ok(new DocumentVersionListResponse([.. versions.Select(version => new DocumentVersionResponse(
            version.Version, version.Name, version.Instructions, version.WordCount, version.Model, version.CreatedAt))]));
    }

    private static async Task<Ok<DocumentResponse>> GetVersionAsync(
        Guid id, int version, DocumentReader documents, CurrentUser user, CancellationToken cancellationToken) =>
        TypedResults.Ok(DocumentMapping.ToResponse(await documents.GetAsync(user, id, version, cancellationToken)));
}
