using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>
/// What a model thought, on its way to a caller and back. A provider takes back only what it sealed itself, so the sealed form says whose it
/// is: "openai:{id}:{data}" of a model that speaks responses too, "signed:{data}" of one that signs its thoughts.
/// </summary>
internal static class ThoughtSeal
{
    private const string OfOpenAi = "openai:";
    private const string Signed = "signed:";

    /// <returns>Null for a thought that cannot be handed back.</returns>
    public static string? Seal(TextReasoningContent thought) => thought.ProtectedData is not { Length: > 0 } data ? null
        : thought.AdditionalProperties?.GetValueOrDefault(ResponseItems.ItemId) is string id ? $"{OfOpenAi}{id}:{data}"
        : $"{Signed}{data}";

    /// <returns>Null when the item holds nothing that its model would take back.</returns>
    public static TextReasoningContent? Open(JsonElement item)
    {
        var text = string.Join("\n\n", item.Items("summary").Select(part => part.Text("text")).OfType<string>());
        var data = item.Text("encrypted_content") ?? "";

        if (data.StartsWith(Signed, StringComparison.Ordinal))
        {
            return new(text) { ProtectedData = data[Signed.Length..] };
        }

        return data.StartsWith(OfOpenAi, StringComparison.Ordinal) && data[OfOpenAi.Length..].Split(':', 2) is [var id, var content]
            ? new(text) { ProtectedData = content, AdditionalProperties = new() { [ResponseItems.ItemId] = id } }
            : null;
    }
}
