using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using Part = OpenAI.Chat.ChatMessageContentPart;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

internal static class OpenAiMessages
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static List<OpenAI.Chat.ChatMessage> Of(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var sent = messages.SelectMany(ToMessages).ToList();

        if (!string.IsNullOrEmpty(options?.Instructions))
        {
            sent.Insert(0, new SystemChatMessage(options.Instructions));
        }

        return sent;
    }

    private static IEnumerable<OpenAI.Chat.ChatMessage> ToMessages(ChatMessage message)
    {
        if (message.Role == ChatRole.System)
        {
            yield return new SystemChatMessage(message.Text);
        }
        else if (message.Role == ChatRole.Assistant)
        {
            yield return ToAssistant(message);
        }
        else if (message.Role == ChatRole.Tool)
        {
            // One message here may answer several calls; there each call has its own.
            foreach (var result in message.Contents.OfType<FunctionResultContent>())
            {
                yield return new ToolChatMessage(result.CallId, ToText(result.Result));
            }
        }
        else
        {
            yield return new UserChatMessage(message.Contents.Select(ToPart).OfType<Part>()) { ParticipantName = message.AuthorName };
        }
    }

    private static AssistantChatMessage ToAssistant(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(ToText(call.Arguments ?? new Dictionary<string, object?>()))))
            .ToList();

        if (calls.Count == 0)
        {
            return new(message.Text);
        }

        var assistant = new AssistantChatMessage(calls);

        if (message.Text.Length > 0)
        {
            assistant.Content.Add(Part.CreateTextPart(message.Text));
        }

        return assistant;
    }

    private static Part? ToPart(AIContent content) => content switch
    {
        TextContent text => Part.CreateTextPart(text.Text),
        UriContent image when image.HasTopLevelMediaType("image") => Part.CreateImagePart(image.Uri),
        DataContent image when image.HasTopLevelMediaType("image") => Part.CreateImagePart(BinaryData.FromBytes(image.Data), image.MediaType),
        _ => null,
    };

    private static string ToText(object? value) => value as string
        ?? (value is JsonElement json ? json.GetRawText() : JsonSerializer.Serialize(value, Compact.GetTypeInfo(typeof(object))));
}
