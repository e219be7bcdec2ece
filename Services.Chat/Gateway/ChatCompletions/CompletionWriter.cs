using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Gateway.Errors;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

/// <summary>Writes what an <see cref="IChatClient"/> says on OpenAI's wire, whole or as a stream.</summary>
internal sealed class CompletionWriter(HttpResponse response, string model, DateTimeOffset created)
{
    private readonly string _id = $"chatcmpl-{Guid.CreateVersion7():N}";

    public async Task WriteAsync(ChatResponse reply, CancellationToken cancellationToken)
    {
        var calls = reply.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(ToCall).ToList();
        var whole = new CompletionResponse(
            _id,
            "chat.completion",
            created.ToUnixTimeSeconds(),
            model,
            [new(0, new("assistant", reply.Text.Length > 0 || calls.Count == 0 ? reply.Text : null, calls.Count > 0 ? calls : null), ToReason(reply.FinishReason))],
            ToUsage(reply.Usage));

        await response.WriteAsJsonAsync(whole, CompletionJsonContext.Default.CompletionResponse, cancellationToken: cancellationToken);
    }

    /// <param name="updates">Nothing is sent before the first one is there, so a failure until then has a status of its own.</param>
    public async Task WriteAsync(IAsyncEnumerable<ChatResponseUpdate> updates, bool includeUsage, CancellationToken cancellationToken)
    {
        var usage = new UsageDetails();
        ChatFinishReason? reason = null;
        var callIndex = 0;

        try
        {
            await foreach (var update in updates.WithCancellation(cancellationToken))
            {
                if (!response.HasStarted)
                {
                    response.ContentType = "text/event-stream; charset=utf-8";
                    response.Headers.CacheControl = "no-cache";
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
        }
        catch (DomainException exception) when (response.HasStarted)
        {
            // The status is sent; the stream itself says that it broke, and does not say it is done.
            await WriteEventAsync(JsonSerializer.SerializeToUtf8Bytes(new(GatewayError.Of(exception)), GatewayErrorJsonContext.Default.GatewayErrorResponse), cancellationToken);
            return;
        }

        await SendAsync(Chunk(new ChunkDelta(), ToReason(reason)), cancellationToken);

        if (includeUsage)
        {
            await SendAsync(Chunk(null) with { Usage = ToUsage(usage) }, cancellationToken);
        }

        await WriteEventAsync("[DONE]"u8.ToArray(), cancellationToken);
    }

    private CompletionChunk Chunk(ChunkDelta? delta, string? reason = null) =>
        new(_id, "chat.completion.chunk", created.ToUnixTimeSeconds(), model, delta is null ? [] : [new(0, delta, reason)]);

    private Task SendAsync(CompletionChunk chunk, CancellationToken cancellationToken) =>
        WriteEventAsync(JsonSerializer.SerializeToUtf8Bytes(chunk, CompletionJsonContext.Default.CompletionChunk), cancellationToken);

    private async Task WriteEventAsync(byte[] data, CancellationToken cancellationToken)
    {
        await response.BodyWriter.WriteAsync((byte[])[.. "data: "u8, .. data, .. "\n\n"u8], cancellationToken);
    }

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
