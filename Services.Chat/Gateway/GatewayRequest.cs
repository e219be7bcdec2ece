using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Keys;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.Services.Chat.Gateway;

/// <summary>What every route with a body does first.</summary>
internal static class GatewayRequest
{
    private const string Json = "application/json";

    /// <exception cref="DomainException">The body is not JSON, too large, or what we read of it is not what it should be.</exception>
    public static async ValueTask<RequestBody> ReadBodyAsync(HttpRequest request, int maxMegabytes, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
        {
            throw new DomainException(DomainErrorKind.UnsupportedMediaType, "unsupported_media_type", "The body of the request is application/json, not encoded.");
        }

        var most = maxMegabytes * 1024L * 1024;
        var buffer = new PooledBuffer((int)Math.Min(request.ContentLength ?? 4096, most) + 1);

        try
        {
            await CopyAsync(request, buffer, most, cancellationToken);
            return new(buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public static ModelCallStart ToStart(HttpContext context, ModelGroup group, ModelCallKind kind, RequestBody body) => new(
        context.TraceIdentifier, CallerOf(context), group, kind, body.Streams, body.InputEstimate, body.MaxOutput);

    private static bool IsJson(string? contentType) => contentType == Json
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase));

    private static ModelCaller CallerOf(HttpContext context)
    {
        var caller = ModelCaller.Of(context.Features.Get<AuthenticatedUser>()!.User);
        return context.Features.Get<VirtualKey>() is { } key ? caller with { KeyId = key.Id, KeyLimits = key.Limits } : caller;
    }

    private static async Task CopyAsync(HttpRequest request, PooledBuffer buffer, long most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);

            if (buffer.Length + read.Buffer.Length > most)
            {
                throw TooLarge(most);
            }

            foreach (var segment in read.Buffer)
            {
                segment.Span.CopyTo(buffer.GetSpan(segment.Length));
                buffer.Advance(segment.Length);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static DomainException TooLarge(long most) =>
        new(DomainErrorKind.TooLarge, "request_too_large", $"The body of the request is larger than {most / 1024 / 1024} MB.");
}
