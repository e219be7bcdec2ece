using System.Text.Json;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Anthropic;

/// <summary>Options without what the model would refuse, and with what the SDK's adapter does not send by itself.</summary>
internal static class AnthropicOptions
{
    // What OpenAI calls JSON mode this wire has only with a schema, and its adapter leaves out without one.
    private const string JsonOnly = "Answer with one JSON object and nothing else.";

    public static ChatOptions Of(ChatOptions? options, AnthropicModel model, bool canThink)
    {
        var sent = options?.Clone() ?? new();
        var forced = sent.ToolMode is RequiredChatToolMode;

        if (sent.ResponseFormat is ChatResponseFormatJson { Schema: null })
        {
            sent.ResponseFormat = null;
            sent.Instructions = string.IsNullOrEmpty(sent.Instructions) ? JsonOnly : $"{sent.Instructions}\n\n{JsonOnly}";
        }

        // A model that thinks chooses its tools itself, so a forced call is made without thinking.
        if (!model.Reasons || forced || !canThink)
        {
            sent.Reasoning = null;
        }
        else if (sent.Reasoning is { Effort: not ReasoningEffort.None, Output: null })
        {
            sent.Reasoning = new() { Effort = sent.Reasoning.Effort, Output = ReasoningOutput.Summary };
        }

        if (sent.Tools is not { Count: > 0 })
        {
            sent.ToolMode = null;
        }
        else if (sent.AllowMultipleToolCalls is not null)
        {
            // Only a choice can carry "one at a time" on this wire.
            sent.ToolMode ??= ChatToolMode.Auto;
        }

        var thinks = sent.Reasoning is { Effort: not ReasoningEffort.None };

        if (model.TakesSampling && !thinks && Sampling(sent) is { Count: > 0 } sampling)
        {
            sent.RawRepresentationFactory = _ => WithSampling(sent, model, sampling);
        }

        return sent;
    }

    private static Dictionary<string, JsonElement> Sampling(ChatOptions options)
    {
        var sampling = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

        // Both at once are refused by models of 4.5; the temperature is the one that callers mean.
        if (options.Temperature is { } temperature)
        {
            // OpenAI's scale ends at 2, this one at 1.
            sampling["temperature"] = JsonSerializer.SerializeToElement(Math.Min(temperature, 1f), Wire.WireJsonContext.Default.Single);
        }
        else if (options.TopP is { } topP)
        {
            sampling["top_p"] = JsonSerializer.SerializeToElement(topP, Wire.WireJsonContext.Default.Single);
        }

        if (options.TopK is { } topK)
        {
            sampling["top_k"] = JsonSerializer.SerializeToElement(topK, Wire.WireJsonContext.Default.Int32);
        }

        return sampling;
    }

    // The SDK has no properties for what later models refuse; as raw members they are sent all the same.
    private static MessageCreateParams WithSampling(ChatOptions options, AnthropicModel model, Dictionary<string, JsonElement> sampling)
    {
        var request = new MessageCreateParams
        {
            Model = model.Id,
            MaxTokens = options.MaxOutputTokens ?? AnthropicModel.DefaultMaxTokens,
            Messages = [],
        };
        return MessageCreateParams.FromRawUnchecked(
            request.RawHeaderData, request.RawQueryData, request.RawBodyData.Concat(sampling).ToDictionary(StringComparer.Ordinal));
    }
}
