using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Gemini;

/// <summary>From messages and options to the body of generateContent.</summary>
internal static class GeminiRequests
{
    public static JsonObject Of(string model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelTraits traits)
    {
        var body = new JsonObject();
        var system = messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text).Prepend(options?.Instructions);
        JsonArray parts = [.. system.Where(text => !string.IsNullOrEmpty(text)).Select(text => (JsonNode)new JsonObject { ["text"] = text })];

        if (parts.Count > 0)
        {
            body["systemInstruction"] = new JsonObject { ["parts"] = parts };
        }

        body["contents"] = GeminiContents.Of(messages, model);

        if (options is not null)
        {
            GeminiTools.Add(body, options);
        }

        if (options is not null && Configuration(model, options, traits) is { Count: > 0 } configuration)
        {
            body["generationConfig"] = configuration;
        }

        return body;
    }

    private static JsonObject Configuration(string model, ChatOptions options, ModelTraits traits)
    {
        var configuration = new JsonObject();
        configuration.AddGiven("temperature", options.Temperature);
        configuration.AddGiven("topP", options.TopP);
        configuration.AddGiven("topK", options.TopK);
        configuration.AddGiven("maxOutputTokens", options.MaxOutputTokens);
        configuration.AddGiven("presencePenalty", options.PresencePenalty);
        configuration.AddGiven("frequencyPenalty", options.FrequencyPenalty);

        // 32 bits there, 64 here: the same seed stays the same.
        configuration.AddGiven("seed", (int?)(options.Seed & int.MaxValue));
        configuration.AddGiven("thinkingConfig", traits.Reasons ? GeminiThinking.Of(model, options.Reasoning) : null);

        if (options.StopSequences is { Count: > 0 } stops)
        {
            configuration["stopSequences"] = new JsonArray([.. stops.Select(stop => JsonValue.Create(stop))]);
        }

        if (options.ResponseFormat is ChatResponseFormatJson json)
        {
            configuration["responseMimeType"] = "application/json";
            configuration.AddGiven("responseJsonSchema", json.Schema?.ToNode());
        }

        return configuration;
    }
}
