using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Documents.Services;

namespace AiPlatform.Services.Documents.Storage;

/// <summary>A document as its caller may see it: a practitioner sees those of clients whom Services.Api shows them today, whoever wrote it.</summary>
internal sealed class DocumentReader(IDocumentStore store, PracticeApi api)
{
    /// <param name="version">Null for the latest.</param>
    public async Task<StoredDocument> GetAsync(CurrentUser user, Guid id, int? version, CancellationToken cancellationToken)
    {
        var document = await store.FindAsync(user.PracticeId, id, version, cancellationToken) ?? throw DocumentEndpoints.NotFound();
        return user.Role is not UserRole.Practitioner || await api.FindClientAsync(document.Head.ClientId, cancellationToken) is not null
            ? document
            : throw DocumentEndpoints.NotFound();
    }
}
