using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>One response that is to be made: what the model is asked, and what becomes of its answer.</summary>
internal sealed record ResponseAnswer(List<ChatMessage> Messages, ChatOptions Options, ResponseBuilder Builder, JsonArray Items, bool Keeps)
{
    public string Id => Builder.Id;

    /// <summary>The response with its whole conversation, for the store.</summary>
    public StoredResponse ToStored(JsonObject response) =>
        new(response, [.. Items.Select(item => item?.DeepClone()), .. Builder.Context.Select(item => item?.DeepClone())]);

    public void Take(ChatResponse reply)
    {
        foreach (var update in reply.ToChatResponseUpdates())
        {
            ResponseBuilder.Take(Builder.Read(update));
        }

        ResponseBuilder.Take(Builder.Finish());
    }
}
