using System.Text.Json;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>Reads a usage object of any of OpenAI's wires.</summary>
internal static class UsageReader
{
    // {"prompt_tokens":12,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}}
    // {"input_tokens":12,"output_tokens":7,"input_tokens_details":{"cached_tokens":3},"output_tokens_details":{"reasoning_tokens":2}}
    /// <returns>Null when it counts nothing.</returns>
    public static TokenUsage? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader) : null;
    }

    /// <param name="reader">Stands on the object's beginning, and afterwards on its end.</param>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        long? input = null, output = null;
        long cached = 0, reasoning = 0;
        var depth = reader.CurrentDepth;

        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
            {
                input = Count(ref reader) ?? input;
            }
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
            {
                output = Count(ref reader) ?? output;
            }
            else if (reader.ValueTextEquals("cached_tokens"u8) || reader.ValueTextEquals("prompt_cache_hit_tokens"u8))
            {
                cached = Count(ref reader) ?? cached;
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                reasoning = Count(ref reader) ?? reasoning;
            }
        }

        return input is null && output is null ? null : new(input ?? 0, output ?? 0, cached, reasoning);
    }

    private static long? Count(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && TokenUsage.IsCount(count) ? count : null;
}
