using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>How vendors want a conversation told, where that is not as OpenAI does.</summary>
internal static class Habits
{
    /// <summary>"After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s)."</summary>
    public static bool Alternates(this Vendor vendor) => vendor == Vendors.Perplexity || vendor == Vendors.DeepSeek;

    /// <summary>
    /// DeepSeek goes on thinking after a tool's answer and refuses the conversation without what it thought before; of earlier turns it wants none.
    /// </summary>
    public static bool WantsReasoningBack(this Vendor vendor) => vendor == Vendors.DeepSeek;

    public static int LastUser(IReadOnlyList<ChatMessage> messages)
    {
        var place = messages.Count - 1;

        while (place >= 0 && messages[place].Role != ChatRole.User)
        {
            place--;
        }

        return place;
    }
}
