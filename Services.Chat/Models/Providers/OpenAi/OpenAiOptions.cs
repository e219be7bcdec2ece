using Microsoft.Extensions.AI;
using OpenAI.Chat;
using Format = OpenAI.Chat.ChatResponseFormat;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

internal static class OpenAiOptions
{
    public static ChatCompletionOptions Of(ChatOptions? options)
    {
        var sent = new ChatCompletionOptions();

        if (options is null)
        {
            return sent;
        }

        sent.Temperature = options.Temperature;
        sent.TopP = options.TopP;
        sent.FrequencyPenalty = options.FrequencyPenalty;
        sent.PresencePenalty = options.PresencePenalty;
        sent.MaxOutputTokenCount = options.MaxOutputTokens;
        sent.ResponseFormat = ToFormat(options.ResponseFormat);

        foreach (var stop in options.StopSequences ?? [])
        {
            sent.StopSequences.Add(stop);
        }

        foreach (var tool in options.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            sent.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        }

        // Servers refuse a choice among tools when there are none.
        if (sent.Tools.Count > 0)
        {
            sent.ToolChoice = ToChoice(options.ToolMode);
            sent.AllowParallelToolCalls = options.AllowMultipleToolCalls;
        }

        return sent;
    }

    private static ChatToolChoice? ToChoice(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
        AutoChatToolMode => ChatToolChoice.CreateAutoChoice(),
        RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
        RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
        _ => null,
    };

    private static Format? ToFormat(Microsoft.Extensions.AI.ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatText => Format.CreateTextFormat(),
        ChatResponseFormatJson { Schema: { } schema } json => Format.CreateJsonSchemaFormat(
            json.SchemaName ?? "reply", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription, jsonSchemaIsStrict: true),
        ChatResponseFormatJson => Format.CreateJsonObjectFormat(),
        _ => null,
    };
}
