using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Gateway.Embeddings;

internal static class EmbeddingEndpoints
{
    public static Task EmbedAsync(HttpContext context, GatewayCalls calls) =>
        calls.ServeAsync(context, ModelCallKind.Embeddings, static (_, attempt, _, _, _) =>
            throw new InvalidOperationException($"Endpoint {attempt.Endpoint.Name} makes no embeddings and was asked for some."));
}
