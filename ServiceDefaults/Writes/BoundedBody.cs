using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace AiPlatform.ServiceDefaults.Writes;

/// <summary>A small request body as bytes, never more of it than the limit: the endpoint's own, when it has one.</summary>
public static class BoundedBody
{
    public const int MaxBytes = 256 * 1024;

    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limit = request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? MaxBytes;
        if (request.ContentLength > limit)
        {
            throw TooLarge();
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[8 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            body.Write(buffer, 0, count);
            if (body.Length > limit)
            {
                throw TooLarge();
            }
        }

        return body.ToArray();
    }

    private static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);
}
