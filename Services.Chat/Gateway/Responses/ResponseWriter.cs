using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>Writes a response on OpenAI's wire, whole or as a stream of events.</summary>
internal sealed class ResponseWriter(IReplySink sink, ModelEndpoint endpoint, TimeProvider timeProvider, TimeSpan keepAlive)
{
    public async Task WriteAsync(JsonObject response, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(response, ResponseJsonContext.Default.JsonObject);
        sink.Start(new(StatusCodes.Status200OK, ReplyHead.Json, bytes.Length) { Endpoint = endpoint.Name });
        await sink.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Nothing is sent before the model's first word is there, so a failure until then has a status of its own.</summary>
    /// <param name="keep">Makes the whole response, and keeps it, before it is told.</param>
    public async Task StreamAsync(
        ResponseBuilder builder, IAsyncEnumerable<ChatResponseUpdate> updates, Func<Task<JsonObject>> keep, CancellationToken cancellationToken)
    {
        await foreach (var update in KeepAlive.WhileWaitingAsync(updates, keepAlive, timeProvider, () => BeatAsync(cancellationToken), cancellationToken))
        {
            if (!sink.HasStarted)
            {
                sink.Start(new(StatusCodes.Status200OK, ReplyHead.EventStream) { Endpoint = endpoint.Name });
                await SendAsync(builder.Begin(), cancellationToken);
            }

            await SendAsync(builder.Read(update), cancellationToken);
        }

        if (!sink.HasStarted)
        {
            throw ProviderErrors.Unreadable();
        }

        await SendAsync(builder.Finish(), cancellationToken);
        await SendAsync([builder.End(await keep())], cancellationToken);
    }

    // event: response.output_text.delta
    // data: {"type":"response.output_text.delta","sequence_number":4,...}
    public async Task SendAsync(IEnumerable<JsonObject> events, CancellationToken cancellationToken)
    {
        foreach (var data in events)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(data, ResponseJsonContext.Default.JsonObject);
            var name = Encoding.UTF8.GetBytes((string)data["type"]!);
            await sink.WriteAsync((byte[])[.. "event: "u8, .. name, .. "\ndata: "u8, .. json, .. "\n\n"u8], cancellationToken);
        }
    }

    // Before the first word a failure has a status of its own, so nothing is said.
    private ValueTask BeatAsync(CancellationToken cancellationToken) => sink.HasStarted ? sink.WriteAsync(KeepAlive.Comment, cancellationToken) : ValueTask.CompletedTask;
}
