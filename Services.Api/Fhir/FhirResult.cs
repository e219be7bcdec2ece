using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.Services.Api.Fhir;

/// <summary>A resource as the answer. One with a version carries its ETag, and is not sent to who has that version already.</summary>
internal sealed class FhirResult(FhirResource resource, int status = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (resource.Meta is { } meta)
        {
            var tag = new EntityTagHeaderValue($"\"{meta.VersionId}\"", isWeak: true);
            response.Headers.ETag = tag.ToString();
            response.Headers.LastModified = meta.LastUpdated.ToString("R");
            if (httpContext.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.ContentType = FhirFormat.Choose(httpContext.Request) ?? FhirFormat.FhirJson;
        await JsonSerializer.SerializeAsync(response.Body, resource, FhirJsonContext.Resource, httpContext.RequestAborted);
    }
}
