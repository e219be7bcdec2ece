using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Tools.Kills;

/// <summary>Where a write stands when it passes by.</summary>
internal enum WritePoint
{
    ModelAsked,
    CallArrived,
    CallForwarded,
    AnswerThere,
    AnswerPassedOn,
}

/// <summary>
/// What stands around the chat service and Services.Documents: the practice's data for both, a model that has a document written and
/// then drafts it, and the way from one to the other, which tells the test how far a write has come.
/// </summary>
internal sealed class WritingNeighbours : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _forward = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly TestToken _user;

    private WritingNeighbours(WebApplication app, ModelServer model, TestToken user)
    {
        _app = app;
        Model = model;
        _user = user;
    }

    public string Url => _app.Urls.Single();

    public ModelServer Model { get; }

    public Guid ClientId { get; } = Guid.CreateVersion7();

    public Guid ClinicalSessionId { get; } = Guid.CreateVersion7();

    /// <summary>Services.Documents itself.</summary>
    public Uri? Documents { get; set; }

    /// <summary>Awaited wherever a write passes a point.</summary>
    public Func<WritePoint, Task> Passing { get; set; } = _ => Task.CompletedTask;

    /// <summary>True when calls that have not gone on yet are lost with their caller.</summary>
    public bool LosesCalls { get; set; }

    public static async Task<WritingNeighbours> StartAsync(TestToken user)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var neighbours = new WritingNeighbours(app, await ModelServer.StartAsync(), user);
        neighbours.Model.Respond = neighbours.Answer;
        app.MapPost("/connect/token", (Delegate)ExchangeAsync);
        app.MapGet("/api/v1/me", () => Results.Json(new { id = user.UserId, profileId = user.ProfileId, displayName = "Dr. Ana Reyes" }));
        app.MapGet("/api/v1/clinic", () => Results.Json(new { name = "Harbour Practice" }));
        app.MapGet("/api/v1/clients/{id}", (Guid id) => Results.Json(new { id, name = "Maya Okafor" }));
        app.MapGet("/api/v1/sessions/{id}", neighbours.Session);
        app.MapPost("/api/v1/documents/generate", neighbours.ForwardAsync);
        await app.StartAsync();
        return neighbours;
    }

    /// <summary>A screen with all that a document needs.</summary>
    public string Screen() => $$$"""
        {"type":"ui_state_update","state":{"page_type":"transcribe_page","currentClient":{"clientId":"{{{ClientId}}}","clientName":"Maya Okafor"},
        "selectedTemplate":{"templateId":"own","templateName":"Note","templateContent":"# Note\n## Said\n"},
        "loadedSessions":[{"sessionId":"{{{ClinicalSessionId}}}","clientId":"{{{ClientId}}}","clientName":"Maya Okafor"}]}}
        """;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Model.DisposeAsync();
        _forward.Dispose();
    }

    // The user's own token serves as the run's.
    private static async Task<IResult> ExchangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        return Results.Json(new { access_token = form["subject_token"].ToString(), token_type = "Bearer", expires_in = 300 });
    }

    private IResult Session(Guid id) => Results.Json(new
    {
        sessionId = id,
        clientId = ClientId,
        clientName = "Maya Okafor",
        practitionerId = _user.ProfileId,
        practitionerName = "Dr. Ana Reyes",
        title = "Weekly",
        startedAt = new DateTimeOffset(2026, 3, 4, 10, 0, 0, TimeSpan.Zero),
        durationSeconds = 60,
        totalSegments = 1,
        hasTranscript = true,
        segments = new[] { new { index = 0, speaker = "client", start = "00:00:12", startSeconds = 12, text = "I am fine." } },
    });

    private ModelReply Answer(ModelRequest request)
    {
        if (request.Tools.Count == 0)
        {
            return ModelReply.Text("""{"sections":[{"heading":"Said","sentences":[]}]}""");
        }

        if (request.Messages[^1].GetProperty("role").GetString() == "tool")
        {
            return ModelReply.Text("The note is written.");
        }

        _ = Passing(WritePoint.ModelAsked);
        return ModelReply.ToolCalls(new ModelStep.ToolCall("generate_document_auto", "{}", "call_a"));
    }

    // Once it went on it goes through to the end, also when the caller died: the network does not take a request back.
    private async Task ForwardAsync(HttpContext context)
    {
        await Passing(WritePoint.CallArrived);
        if (LosesCalls)
        {
            context.Abort();
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Documents!, context.Request.Path));
        using var body = new StreamContent(context.Request.Body);
        body.Headers.ContentType = new("application/json");
        request.Content = body;
        foreach (var name in (string[])["Authorization", "Idempotency-Key", "X-Correlation-Id"])
        {
            request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name].ToString());
        }

        var sent = _forward.SendAsync(request);
        await Passing(WritePoint.CallForwarded);
        using var response = await sent;
        var answer = await response.Content.ReadAsByteArrayAsync();
        await Passing(WritePoint.AnswerThere);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await context.Response.Body.WriteAsync(answer);
        await context.Response.CompleteAsync();
        await Passing(WritePoint.AnswerPassedOn);
    }
}
