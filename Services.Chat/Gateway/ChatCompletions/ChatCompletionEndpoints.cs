using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

internal static class ChatCompletionEndpoints
{
    public static Task CompleteAsync(HttpContext context, GatewayCalls calls, CompletionTranslation translation) =>
        calls.ServeAsync(context, ModelCallKind.Chat, translation.ServeAsync);
}
