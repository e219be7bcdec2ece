using AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Anthropic;

/// <summary>A conversation in the order this wire insists on: the system's words apart, then user and assistant in turn, results first.</summary>
internal static class AnthropicMessages
{
    public static List<ChatMessage> Of(IReadOnlyList<ChatMessage> messages)
    {
        // Wherever a system message stands, it is part of the one system prompt.
        var system = messages.Where(message => message.Role == ChatRole.System && message.Text.Length > 0);
        var turns = Turns.Merge(messages.Where(message => message.Role != ChatRole.System), toolsAreUser: true)
            .Select(message => new ChatMessage(message.Role, [.. Ordered(message)]))
            .Where(message => message.Contents.Count > 0);
        return [.. system, .. turns];
    }

    /// <summary>
    /// False in the middle of a tool's use whose thoughts are lost, as they are for who calls us by chat completions: with thinking
    /// on, the wire insists on the thought before the last call.
    /// </summary>
    public static bool CanThink(IReadOnlyList<ChatMessage> messages)
    {
        var last = messages.LastOrDefault(message => message.Role == ChatRole.Assistant);
        var isInToolUse = messages is [.., { Role: var role }] && role == ChatRole.Tool && last is not null;
        return !isInToolUse || last!.Contents.Any(content => content is TextReasoningContent && Belongs(content));
    }

    private static IEnumerable<AIContent> Ordered(ChatMessage message) => message.Role == ChatRole.Assistant
        ? message.Contents.Where(Belongs)
        : message.Contents.Select(Taken).OrderBy(content => content is FunctionResultContent ? 0 : 1);

    // A thought goes back only with the signature that it came with; one of OpenAI's, which has an id, is sealed for OpenAI.
    private static bool Belongs(AIContent content) => content switch
    {
        TextReasoningContent reasoning => !string.IsNullOrEmpty(reasoning.ProtectedData) && reasoning.AdditionalProperties?.ContainsKey(ResponseItems.ItemId) is not true,
        TextContent text => text.Text.Length > 0,
        FunctionCallContent => true,
        _ => false,
    };

    private static AIContent Taken(AIContent content) => content switch
    {
        TextContent or HostedFileContent => content,

        // As text on one line: the SDK's adapter would indent it, and each space is paid for.
        FunctionResultContent result => new FunctionResultContent(result.CallId, WireValues.ToText(result.Result)) { Exception = result.Exception },
        DataContent data when data.HasTopLevelMediaType("image") || data.HasTopLevelMediaType("text") || data.MediaType == "application/pdf" => content,
        UriContent uri when uri.HasTopLevelMediaType("image") || uri.MediaType == "application/pdf" => content,

        // The SDK's adapter would leave it out without a word.
        DataContent data => throw ProviderErrors.Untaken(data.MediaType),
        UriContent uri => throw ProviderErrors.Untaken(uri.MediaType),
        _ => throw ProviderErrors.Untaken(content.GetType().Name),
    };
}
