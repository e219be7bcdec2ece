using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Capture;

/// <summary>Writes what is sent and what is answered on a call's span; of a reply that broke off, what came.</summary>
internal sealed class CapturingChatClient(IChatClient client, Activity span) : DelegatingChatClient(client)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var sent = Sent(messages, options);
        var response = await base.GetResponseAsync(sent, options, cancellationToken);
        Received(response);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sent = Sent(messages, options);
        var updates = new List<ChatResponseUpdate>();

        try
        {
            await foreach (var update in base.GetStreamingResponseAsync(sent, options, cancellationToken))
            {
                updates.Add(update);
                yield return update;
            }
        }
        finally
        {
            Received(updates.ToChatResponse());
        }
    }

    private IReadOnlyList<ChatMessage> Sent(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var sent = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        span.SetTag("gen_ai.system_instructions", CapturedMessages.Instructions(options?.Instructions));
        span.SetTag("gen_ai.input.messages", CapturedMessages.Sent(sent));
        return sent;
    }

    private void Received(ChatResponse response) => span.SetTag("gen_ai.output.messages", CapturedMessages.Received(response));
}
