using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Gateway.ChatCompletions;

internal static class ChatCompletionEndpoints
{
    public static async Task<IResult> CompleteAsync(HttpContext context, GatewayCalls calls, CompletionTranslation translation)
    {
        await calls.ServeAsync(context, ModelCallKind.Chat, translation.ServeAsync);
        return Results.Empty;
    }
}
