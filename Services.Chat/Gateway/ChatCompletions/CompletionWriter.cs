using System.Text.Json;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>Writes what an <see cref="IChatClient"/> says on OpenAI's wire, whole or as a stream.</summary>
internal sealed class CompletionWriter(IReplySink sink, ModelEndpoint endpoint, TimeProvider timeProvider, TimeSpan keepAlive)
{
    private readonly string _id = $"chatcmpl-{Guid.CreateVersion7():N}";
    private readonly long _created = timeProvider.GetUtcNow().ToUnixTimeSeconds();

    public async Task WriteAsync(ChatResponse reply, CancellationToken cancellationToken)
    {
        var message = CompletionReplies.ToReply(reply);
        var whole = new CompletionResponse(
            _id,
            "chat.completion",
            _created,
            endpoint.ModelId,
            [new(0, message, CompletionReplies.ToReason(reply.FinishReason, message.ToolCalls is not null))],
            CompletionReplies.ToUsage(reply.Usage));

        var bytes = JsonSerializer.SerializeToUtf8Bytes(whole, CompletionJsonContext.Default.CompletionResponse);
        sink.Start(new(StatusCodes.Status200OK, ReplyHead.Json, bytes.Length) { Endpoint = endpoint.Name });
        await sink.WriteAsync(bytes, cancellationToken);
    }

    /// <param name="updates">Nothing is sent before the first one is there, so a failure until then has a status of its own.</param>
    public async Task WriteAsync(IAsyncEnumerable<ChatResponseUpdate> updates, bool includeUsage, CancellationToken cancellationToken)
    {
        var stream = new CompletionStream(_id, endpoint.ModelId, _created);

        await foreach (var update in KeepAlive.WhileWaitingAsync(updates, keepAlive, timeProvider, () => BeatAsync(cancellationToken), cancellationToken))
        {
            if (!sink.HasStarted)
            {
                sink.Start(new(StatusCodes.Status200OK, ReplyHead.EventStream) { Endpoint = endpoint.Name });
                await SendAsync(stream.Begin(), cancellationToken);
            }

            foreach (var chunk in stream.Read(update))
            {
                await SendAsync(chunk, cancellationToken);
            }
        }

        if (!sink.HasStarted)
        {
            throw ProviderErrors.Unreadable();
        }

        await SendAsync(stream.End(), cancellationToken);

        if (includeUsage)
        {
            await SendAsync(stream.Usage(), cancellationToken);
        }

        await WriteEventAsync("[DONE]"u8.ToArray(), cancellationToken);
    }

    // Before the first word a failure has a status of its own, so nothing is said.
    private ValueTask BeatAsync(CancellationToken cancellationToken) => sink.HasStarted ? sink.WriteAsync(KeepAlive.Comment, cancellationToken) : ValueTask.CompletedTask;

    private Task SendAsync(CompletionChunk chunk, CancellationToken cancellationToken) =>
        WriteEventAsync(JsonSerializer.SerializeToUtf8Bytes(chunk, CompletionJsonContext.Default.CompletionChunk), cancellationToken);

    private async Task WriteEventAsync(byte[] data, CancellationToken cancellationToken) =>
        await sink.WriteAsync((byte[])[.. "data: "u8, .. data, .. "\n\n"u8], cancellationToken);
}
