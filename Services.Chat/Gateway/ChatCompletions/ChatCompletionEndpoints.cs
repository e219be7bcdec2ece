using System.Globalization;
using AiPlatform.Services.Chat.Models;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

internal static class ChatCompletionEndpoints
{
    private const string LatencyHeader = "X-Proxy-Latency-Ms";

    public static async Task<IResult> CompleteAsync(
        HttpContext context, ModelCatalogue catalogue, IChatModels models, ModelForwarder forwarder, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[LatencyHeader] = timeProvider.GetElapsedTime(started).TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });

        var body = await CompletionBody.ReadAsync(context.Request, cancellationToken);
        var group = catalogue.Find(body.Model);

        // Another server's wire is OpenAI's already: bytes through, so that nothing is lost that we have no word for.
        await (group.Endpoint is { } endpoint
            ? ForwardAsync(context, group, endpoint, body, forwarder, cancellationToken)
            : AnswerAsync(context, models.GetChatClient(group.Name), body, timeProvider, cancellationToken));

        return Results.Empty;
    }

    private static async Task AnswerAsync(HttpContext context, IChatClient client, CompletionBody body, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var request = body.ToRequest();
        var messages = CompletionMessages.Messages(request);
        var options = CompletionMessages.Options(request);
        var writer = new CompletionWriter(context.Response, ModelProvider.Local, timeProvider.GetUtcNow());

        await (request.Stream is true
            ? writer.WriteAsync(client.GetStreamingResponseAsync(messages, options, cancellationToken), request.StreamOptions?.IncludeUsage is true, cancellationToken)
            : writer.WriteAsync(await client.GetResponseAsync(messages, options, cancellationToken), cancellationToken));
    }

    private static async Task ForwardAsync(
        HttpContext context, ModelGroup group, ModelEndpoint endpoint, CompletionBody body, ModelForwarder forwarder, CancellationToken cancellationToken)
    {
        using var reply = await forwarder.SendAsync(group, endpoint, "chat/completions", body.WithModel(endpoint.ModelId), cancellationToken);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;

        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await reply.CopyToAsync(context.Response.BodyWriter, cancellationToken);
    }
}
