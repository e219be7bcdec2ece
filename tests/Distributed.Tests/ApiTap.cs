using System.Collections.Concurrent;
using System.Net;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Distributed.Tests;

/// <summary>Stands between the chat service and the API, remembers who was said to call, and changes nothing.</summary>
public sealed class ApiTap : IAsyncDisposable
{
    // No propagator: the trace context passes as it came, and the tap is no part of the trace.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
    private readonly ConcurrentQueue<TappedRequest> _requests = new();
    private readonly WebApplication _app = LoopbackHost.Create();

    private ApiTap() => _app.Run(PassAsync);

    public string Url => _app.Urls.Single();

    /// <summary>Where requests go on to; until it is known they are answered with 503.</summary>
    public Uri? Target { get; set; }

    public IReadOnlyCollection<TappedRequest> Requests => _requests;

    public static async Task<ApiTap> StartAsync()
    {
        var tap = new ApiTap();
        await tap._app.StartAsync();
        return tap;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        if (Target is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var incoming = context.Request;
        _requests.Enqueue(new(incoming.Path.ToString(), incoming.Headers.Authorization.ToString(), incoming.Headers["ProfileID"].ToString()));
        using var outgoing = new HttpRequestMessage(new(incoming.Method), new Uri(Target, $"{incoming.Path}{incoming.QueryString}"));
        outgoing.Content = incoming.ContentLength is null && incoming.Headers.TransferEncoding.Count == 0 ? null : new StreamContent(incoming.Body);
        foreach (var (name, values) in incoming.Headers.Where(header => header.Key is not ("Host" or "Connection")))
        {
            if (!outgoing.Headers.TryAddWithoutValidation(name, [.. values]))
            {
                outgoing.Content?.Headers.TryAddWithoutValidation(name, [.. values]);
            }
        }

        using var answer = await _http.SendAsync(outgoing, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not "Transfer-Encoding"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}

/// <summary>What a request said of its caller.</summary>
public sealed record TappedRequest(string Path, string Authorization, string ProfileId);
