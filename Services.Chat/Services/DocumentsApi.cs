using Microsoft.AspNetCore.Http.Extensions;

namespace AiPlatform.Services.Chat.Services;

/// <summary>Services.Documents as the tools need it. Writes carry the call's idempotency key.</summary>
internal sealed class DocumentsApi(HttpClient http)
{
    public Task<ServiceReply<DocumentTemplateList>> ListTemplatesAsync(
        ServiceCall call, string templateType, string? searchQuery, CancellationToken cancellationToken)
    {
        var parameters = new QueryBuilder { { "templateType", templateType } };
        if (!string.IsNullOrWhiteSpace(searchQuery))
        {
            parameters.Add("searchQuery", searchQuery);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/templates{parameters}");
        return http.SendAsync(request, call, ServiceJsonContext.Default.DocumentTemplateList, cancellationToken);
    }

    public Task<ServiceReply<ClinicalDocument>> GenerateAsync(
        ServiceCall call, GenerateDocumentRequest document, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents/generate")
        {
            Content = JsonContent.Create(document, ServiceJsonContext.Default.GenerateDocumentRequest),
        };
        return http.SendAsync(request, call, ServiceJsonContext.Default.ClinicalDocument, cancellationToken);
    }

    public Task<ServiceReply<ClinicalDocument>> RefineAsync(
        ServiceCall call, Guid documentId, RefineDocumentRequest refinement, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/documents/{documentId}/refine")
        {
            Content = JsonContent.Create(refinement, ServiceJsonContext.Default.RefineDocumentRequest),
        };
        return http.SendAsync(request, call, ServiceJsonContext.Default.ClinicalDocument, cancellationToken);
    }
}
