using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Services;

/// <summary>A neighbour of the chat service at the network boundary: a real server that answers as the test says and keeps what it was sent.</summary>
internal sealed class NeighbourServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RequestDelegate>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<NeighbourRequest> _requests = new();

    private NeighbourServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IReadOnlyList<NeighbourRequest> Requests => [.. _requests];

    public static async Task<NeighbourServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new NeighbourServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers a route; several answers come one after the other, and the last one stays.</summary>
    /// <param name="route">Method and path without the query, as in <c>GET /api/v1/templates</c>.</param>
    public NeighbourServer On(string route, RequestDelegate answer)
    {
        _answers.GetOrAdd(route, _ => new()).Enqueue(answer);
        return this;
    }

    public NeighbourServer On(string route, string json, int status = 200) => On(route, context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        return context.Response.WriteAsync(json);
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        _requests.Enqueue(new(
            context.Request.Method,
            $"{context.Request.Path}{context.Request.QueryString}",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body));

        if (!_answers.TryGetValue($"{context.Request.Method} {context.Request.Path}", out var answers))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var answer = answers.Count > 1 && answers.TryDequeue(out var next) ? next : answers.Last();
        await answer(context);
    }
}

internal sealed record NeighbourRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
