using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Load.Gateway;

/// <summary>
/// The least that a gateway on Kestrel and HttpClient does: the body in, out again, the reply back as it comes. No caller, no routing, nothing counted.
/// What ours costs more than this is ours; what this costs more than nginx is the platform's.
/// </summary>
internal static class BareForwarder
{
    /// <summary>The header that says where to.</summary>
    public const string Target = "X-Load-Target";

    private static readonly HttpMessageInvoker Invoker = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.BodyReader.CopyToAsync(body, context.RequestAborted);
        using var request = new HttpRequestMessage(HttpMethod.Post, context.Request.Headers[Target].ToString())
        {
            Version = HttpVersion.Version11,
            Content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length) { Headers = { ContentType = Json } },
        };
        using var reply = await Invoker.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)reply.StatusCode;
        context.Response.ContentType = reply.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = reply.Content.Headers.ContentLength;
        await using var content = await reply.Content.ReadAsStreamAsync(context.RequestAborted);

        while (await content.ReadAsync(context.Response.BodyWriter.GetMemory(8192), context.RequestAborted) is var count and > 0)
        {
            context.Response.BodyWriter.Advance(count);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }
}
