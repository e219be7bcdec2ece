using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace AiPlatform.ServiceDefaults.Tests.Http;

internal sealed class NeighbourClient(HttpClient http)
{
    public HttpClient Http { get; } = http;
}

/// <summary>A neighbour service that answers everybody as the test says and remembers what it was asked.</summary>
internal sealed class Neighbour : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Request, IHeaderDictionary Headers, string Body)> _requests = new();
    private TestService? _service;

    public string Url => _service!.Url;

    public IReadOnlyList<string> Requests => [.. _requests.Select(request => request.Request)];

    public IReadOnlyList<string> Bodies => [.. _requests.Select(request => request.Body)];

    public IReadOnlyList<string> Headers(string name) => [.. _requests.Select(request => request.Headers[name].ToString())];

    /// <param name="answer">From the number of the request, counted from 1; null breaks the connection.</param>
    public static async Task<Neighbour> StartAsync(Func<int, IResult?> answer)
    {
        var neighbour = new Neighbour();
        var count = 0;
        neighbour._service = await TestService.StartAsync(app => app.Map("/{**path}", async (HttpContext context) =>
        {
            using var body = new StreamReader(context.Request.Body);
            neighbour._requests.Enqueue((
                $"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()}",
                new HeaderDictionary(context.Request.Headers.ToDictionary()),
                await body.ReadToEndAsync(context.RequestAborted)));
            if (answer(Interlocked.Increment(ref count)) is { } result)
            {
                await result.ExecuteAsync(context);
                await context.Response.CompleteAsync();
            }
            else
            {
                context.Abort();
            }
        }).AllowAnonymous());
        return neighbour;
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }
}
