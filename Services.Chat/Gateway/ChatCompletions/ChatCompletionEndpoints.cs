using System.Globalization;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

internal static class ChatCompletionEndpoints
{
    private const string LatencyHeader = "X-Proxy-Latency-Ms";

    public static async Task<IResult> CompleteAsync(
        HttpContext context, CurrentUser user, ModelCatalogue catalogue, IChatModels models, ModelForwarder forwarder, ModelCalls calls, TimeProvider timeProvider, CancellationToken cancellationToken)
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
        var endpoint = group.Endpoints[0];
        await (endpoint.Provider == ModelProvider.OpenAi
            ? ForwardAsync(context, user, group, endpoint, body, forwarder, calls, cancellationToken)
            : AnswerAsync(context, models.GetChatClient(group.Name, ModelCaller.Of(user)), body, timeProvider, cancellationToken));

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
        HttpContext context, CurrentUser user, ModelGroup group, ModelEndpoint endpoint, CompletionBody body, ModelForwarder forwarder, ModelCalls calls, CancellationToken cancellationToken)
    {
        var start = new ModelCallStart(
            context.TraceIdentifier, ModelCaller.Of(user), group, ModelCallKind.Chat, body.Streams, body.Bytes.Length / TokenUsage.CharactersPerToken, MaxOutput: null);
        using var call = await calls.BeginAsync(start, cancellationToken);
        call.Endpoint = endpoint;
        using var reply = await forwarder.SendAsync(endpoint, "chat/completions", body.WithModel(endpoint.ModelId), cancellationToken);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;

        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await reply.CopyToAsync(context.Response.BodyWriter, cancellationToken);
        call.End(ModelCallOutcome.Complete);
    }
}
