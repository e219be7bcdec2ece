using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

/// <summary>Conversations for servers that insist on user and assistant in turn.</summary>
internal static class Turns
{
    /// <summary>
    /// Consecutive messages of one side become one, their contents in order. What answers tools counts as the user's side only where
    /// <paramref name="toolsAreUser"/> says so; otherwise tool messages stand as they are.
    /// </summary>
    public static List<ChatMessage> Merge(IEnumerable<ChatMessage> messages, bool toolsAreUser = false)
    {
        var merged = new List<ChatMessage>();

        foreach (var message in messages)
        {
            var role = toolsAreUser && message.Role == ChatRole.Tool ? ChatRole.User : message.Role;

            if (merged is [.., var last] && last.Role == role && role != ChatRole.Tool && role != ChatRole.System)
            {
                merged[^1] = new(role, [.. last.Contents, .. Separated(last, message)]) { AuthorName = last.AuthorName };
            }
            else
            {
                merged.Add(new(role, [.. message.Contents]) { AuthorName = message.AuthorName });
            }
        }

        return merged;
    }

    // Two texts that meet would run into each other.
    private static IEnumerable<AIContent> Separated(ChatMessage before, ChatMessage after) =>
        before.Contents is [.., TextContent { Text.Length: > 0 }] && after.Contents is [TextContent first, ..]
            ? [new TextContent($"\n\n{first.Text}"), .. after.Contents.Skip(1)]
            : after.Contents;
}
