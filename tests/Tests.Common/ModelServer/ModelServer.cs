using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Tests.Common;

/// <summary>
/// A model provider on a real port: OpenAI's chat completions and responses, Anthropic's messages and Gemini's contents, streamed and
/// whole, with tools and faults, and OpenAI's embeddings, answering what the test scripted and remembering what it was asked. A request
/// nobody scripted an answer for is refused with 500 and says so.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private static readonly ModelWire Chat = new ChatCompletionWire();
    private static readonly ModelWire Anthropic = new AnthropicWire();
    private static readonly ModelWire Gemini = new GeminiWire();

    private readonly WebApplication _app;
    private readonly string? _apiKey;
    private readonly ConcurrentQueue<ModelReply> _replies = new();
    private readonly ConcurrentQueue<ModelRequest> _requests = new();
    private readonly ConcurrentQueue<string> _uploads = new();
    private readonly Channel<ModelRequest> _unread = Channel.CreateUnbounded<ModelRequest>();

    private ModelServer(string? apiKey)
    {
        _apiKey = apiKey;
        _app = LoopbackHost.Create();
        Map("/v1/chat/completions", Chat);
        var responses = new ResponsesWire();
        Map("/v1/responses", responses);
        _app.MapGet("/v1/responses/{id}", (HttpContext context, string id) => Guarded(context, responses, () => responses.Find(id)));
        _app.MapDelete("/v1/responses/{id}", (HttpContext context, string id) => Guarded(context, responses, () => responses.Find(id, takesOut: true)));
        Map("/v1/messages", Anthropic);
        Map("/v1beta/models/{call}", Gemini);
        Map("/claude-code/query", new ClaudeCodeWire());
        _app.MapPost("/v1/embeddings", context => TakeAsync(context, Chat, ["model", "input"], EmbedAsync));
        _app.MapPost("/v1/files", (Delegate)UploadAsync);
        _app.MapGet("/v1/models", (HttpContext context) => ListModels(context, context.Request.Headers.ContainsKey("x-api-key") ? Anthropic : Chat));
        _app.MapGet("/v1beta/models", (HttpContext context) => ListModels(context, Gemini));
    }

    /// <summary>What a client is given as OpenAI's base URL.</summary>
    public string BaseUrl => $"{LoopbackHost.UrlOf(_app)}/v1";

    /// <summary>The same of Gemini's.</summary>
    public string GeminiUrl => $"{LoopbackHost.UrlOf(_app)}/v1beta";

    /// <summary>Where a sidecar with Claude Code is.</summary>
    public string ClaudeCodeUrl => $"{LoopbackHost.UrlOf(_app)}/claude-code";

    /// <summary>The bodies of the files that were uploaded, in order of arrival.</summary>
    public IReadOnlyList<string> Uploads => [.. _uploads];

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

    private void Map(string route, ModelWire wire) =>
        _app.MapPost(route, context => TakeAsync(context, wire, wire.Required, (answered, request) => PlayAsync(answered, wire, request)));

    private async Task TakeAsync(HttpContext context, ModelWire wire, IReadOnlyList<string> required, Func<HttpContext, ModelRequest, Task> answer)
    {
        if (Unauthorised(context, wire) is { } unauthorised)
        {
            await wire.RefuseAsync(context, unauthorised);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var raw = await reader.ReadToEndAsync(context.RequestAborted);
        if (TryParse(raw, required) is not { } json)
        {
            await wire.RefuseAsync(context, new(HttpStatusCode.BadRequest, $"The body has no {string.Join(" or no ", required)}.", "invalid_request_error", null, null));
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

    private Task PlayAsync(HttpContext context, ModelWire wire, ModelRequest request) => wire.WriteAsync(
        context,
        request,
        _replies.TryDequeue(out var scripted) ? scripted : Respond?.Invoke(request)
            ?? ModelReply.Refuse(HttpStatusCode.InternalServerError, "The test scripted no answer for this request."));

    private Task EmbedAsync(HttpContext context, ModelRequest request) =>
        EmbeddingWriter.WriteAsync(context, request, Embed?.Invoke(request) ?? EmbeddingReply.Refuse(HttpStatusCode.InternalServerError));

    private async Task<IResult> UploadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _uploads.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
        return Results.Json(new { id = $"file-{_uploads.Count}", @object = "file" });
    }

    private IResult ListModels(HttpContext context, ModelWire wire) => Unauthorised(context, wire) is { } unauthorised
        // "API key not valid. Please pass a valid API key." is a fault of the request in Gemini's eyes.
        ? Results.Json(wire.Envelope(unauthorised), statusCode: wire == Gemini ? StatusCodes.Status400BadRequest : (int)unauthorised.Status)
        : Results.Json(new
        {
            @object = "list",
            data = Models.Select(id => new { id, @object = "model", created = 1_700_000_000, owned_by = "tests" }),
        });

    private IResult Guarded(HttpContext context, ModelWire wire, Func<IResult> answer) => Unauthorised(context, wire) is { } unauthorised
        ? Results.Json(wire.Envelope(unauthorised), statusCode: (int)unauthorised.Status)
        : answer();

    private ModelRefusal? Unauthorised(HttpContext context, ModelWire wire) =>
        _apiKey is null || wire.KeyOf(context.Request) == _apiKey
            ? null
            : new(HttpStatusCode.Unauthorized, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key", null);

    private static JsonElement? TryParse(string raw, IReadOnlyList<string> required)
    {
        try
        {
            using var document = JsonDocument.Parse(raw);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && required.All(name => root.TryGetProperty(name, out _))
                ? root.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
