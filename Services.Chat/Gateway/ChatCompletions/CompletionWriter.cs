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
        var calls = reply.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(ToCall).ToList();
        var whole = new CompletionResponse(
            _id,
            "chat.completion",
            _created,
            endpoint.ModelId,
            [new(0, new("assistant", reply.Text.Length > 0 || calls.Count == 0 ? reply.Text : null, calls.Count > 0 ? calls : null), ToReason(reply.FinishReason))],
            ToUsage(reply.Usage));

        var bytes = JsonSerializer.SerializeToUtf8Bytes(whole, CompletionJsonContext.Default.CompletionResponse);
        sink.Start(new(StatusCodes.Status200OK, ReplyHead.Json, bytes.Length) { Endpoint = endpoint.Name });
        await sink.WriteAsync(bytes, cancellationToken);
    }

    /// <param name="updates">Nothing is sent before the first one is there, so a failure until then has a status of its own.</param>
    public async Task WriteAsync(IAsyncEnumerable<ChatResponseUpdate> updates, bool includeUsage, CancellationToken cancellationToken)
    {
        var usage = new UsageDetails();
        ChatFinishReason? reason = null;
        var callIndex = 0;
        await using var enumerator = updates.GetAsyncEnumerator(cancellationToken);

        while (await NextAsync(enumerator, cancellationToken))
        {
            var update = enumerator.Current;

            if (!sink.HasStarted)
            {
                sink.Start(new(StatusCodes.Status200OK, ReplyHead.EventStream) { Endpoint = endpoint.Name });
                await SendAsync(Chunk(new ChunkDelta("assistant", "")), cancellationToken);
            }

            reason = update.FinishReason ?? reason;

            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case TextContent { Text.Length: > 0 } text:
                        await SendAsync(Chunk(new ChunkDelta(Content: text.Text)), cancellationToken);
                        break;
                    case FunctionCallContent call:
                        var named = ToCall(call);
                        await SendAsync(Chunk(new ChunkDelta(ToolCalls: [new(callIndex++, named.Id, named.Type, named.Function)])), cancellationToken);
                        break;
                    case UsageContent counted:
                        usage.Add(counted.Details);
                        break;
                }
            }
        }

        if (!sink.HasStarted)
        {
            throw ProviderErrors.Unreadable();
        }

        await SendAsync(Chunk(new ChunkDelta(), ToReason(reason)), cancellationToken);

        if (includeUsage)
        {
            await SendAsync(Chunk(null) with { Usage = ToUsage(usage) }, cancellationToken);
        }

        await WriteEventAsync("[DONE]"u8.ToArray(), cancellationToken);
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        var next = updates.MoveNextAsync();
        return next.IsCompleted || !sink.HasStarted
            ? await next
            : await KeepAlive.WhileWaitingAsync(next.AsTask(), keepAlive, timeProvider, () => sink.WriteAsync(KeepAlive.Comment, cancellationToken));
    }

    private CompletionChunk Chunk(ChunkDelta? delta, string? reason = null) =>
        new(_id, "chat.completion.chunk", _created, endpoint.ModelId, delta is null ? [] : [new(0, delta, reason)]);

    private Task SendAsync(CompletionChunk chunk, CancellationToken cancellationToken) =>
        WriteEventAsync(JsonSerializer.SerializeToUtf8Bytes(chunk, CompletionJsonContext.Default.CompletionChunk), cancellationToken);

    private async Task WriteEventAsync(byte[] data, CancellationToken cancellationToken) =>
        await sink.WriteAsync((byte[])[.. "data: "u8, .. data, .. "\n\n"u8], cancellationToken);

    private static CompletionToolCall ToCall(FunctionCallContent call) => new(
        call.CallId,
        "function",
        new(call.Name, JsonSerializer.Serialize(call.Arguments?.ToDictionary() ?? [], CompletionJsonContext.Default.Arguments)));

    private static string ToReason(ChatFinishReason? reason) => reason?.Value ?? "stop";

    private static CompletionUsage ToUsage(UsageDetails? usage)
    {
        var input = usage?.InputTokenCount ?? 0;
        var output = usage?.OutputTokenCount ?? 0;
        return new(input, output, usage?.TotalTokenCount ?? input + output);
    }
}
