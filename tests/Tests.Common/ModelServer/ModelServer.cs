using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>
/// A model provider on a real port: OpenAI's chat completions, streamed and whole, with tools and faults, and its embeddings, answering what
/// the test scripted and remembering what it was asked. A request nobody scripted an answer for is refused with 500 and says so.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _apiKey;
    private readonly ConcurrentQueue<ModelReply> _replies = new();
    private readonly ConcurrentQueue<ModelRequest> _requests = new();
    private readonly Channel<ModelRequest> _unread = Channel.CreateUnbounded<ModelRequest>();

    private ModelServer(string? apiKey)
    {
        _apiKey = apiKey;
        _app = LoopbackHost.Create();
        _app.MapPost("/v1/chat/completions", context => TakeAsync(context, "messages", AnswerAsync));
        _app.MapPost("/v1/embeddings", context => TakeAsync(context, "input", EmbedAsync));
        _app.MapGet("/v1/models", ListModels);
    }

    /// <summary>What a client is given as OpenAI's base URL.</summary>
    public string BaseUrl => $"{LoopbackHost.UrlOf(_app)}/v1";

    public IReadOnlyList<string> Models { get; set; } = ["test-model"];

    /// <summary>Every request so far, in order of arrival.</summary>
    public IReadOnlyList<ModelRequest> Requests => [.. _requests];

    /// <summary>Answers when the queue is empty; null refuses.</summary>
    public Func<ModelRequest, ModelReply>? Respond { get; set; }

    /// <summary>Answers requests for embeddings; null refuses.</summary>
    public Func<ModelRequest, EmbeddingReply>? Embed { get; set; }

    /// <param name="apiKey">When given, others are refused with 401.</param>
    public static async Task<ModelServer> StartAsync(string? apiKey = null)
    {
        var server = new ModelServer(apiKey);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Scripts the next answers, one request each.</summary>
    public void Enqueue(params ModelReply[] replies)
    {
        foreach (var reply in replies)
        {
            _replies.Enqueue(reply);
        }
    }

    /// <returns>The next request this method has not returned yet, as soon as it is there.</returns>
    public async Task<ModelRequest> NextRequestAsync() => await _unread.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Timeout);

    public async ValueTask DisposeAsync()
    {
        // Scripted hangs must not hold the shutdown.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context, string content, Func<HttpContext, ModelRequest, Task> answer)
    {
        if (Unauthorised(context) is { } unauthorised)
        {
            await ChatCompletionWriter.RefuseAsync(context, unauthorised);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var raw = await reader.ReadToEndAsync(context.RequestAborted);
        if (TryParse(raw, content) is not { } json)
        {
            await ChatCompletionWriter.RefuseAsync(
                context, new(HttpStatusCode.BadRequest, $"The body has no model or no {content}.", "invalid_request_error", null, null));
            return;
        }

        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new ModelRequest(context.Request.Path, headers, raw, json);
        _requests.Enqueue(request);
        _unread.Writer.TryWrite(request);
        try
        {
            await answer(context, request);
            request.End(whole: true);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            request.End(whole: false);
            throw;
        }
    }

    private Task AnswerAsync(HttpContext context, ModelRequest request) => ChatCompletionWriter.WriteAsync(
        context,
        request,
        _replies.TryDequeue(out var scripted) ? scripted : Respond?.Invoke(request)
            ?? ModelReply.Refuse(HttpStatusCode.InternalServerError, "The test scripted no answer for this request."));

    private Task EmbedAsync(HttpContext context, ModelRequest request) =>
        EmbeddingWriter.WriteAsync(context, request, Embed?.Invoke(request) ?? EmbeddingReply.Refuse(HttpStatusCode.InternalServerError));

    private IResult ListModels(HttpContext context) => Unauthorised(context) is { } unauthorised
        ? Results.Json(ChatCompletionWriter.Envelope(unauthorised), statusCode: (int)unauthorised.Status)
        : Results.Json(new
        {
            @object = "list",
            data = Models.Select(id => new { id, @object = "model", created = 1_700_000_000, owned_by = "tests" }),
        });

    private ModelRefusal? Unauthorised(HttpContext context) =>
        _apiKey is null || context.Request.Headers.Authorization == $"Bearer {_apiKey}"
            ? null
            : new(HttpStatusCode.Unauthorized, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key", null);

    private static JsonElement? TryParse(string raw, string content)
    {
        try
        {
            using var document = JsonDocument.Parse(raw);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("model", out _) && root.TryGetProperty(content, out _)
                ? root.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
