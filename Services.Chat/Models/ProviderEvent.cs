using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models;

/// <summary>What a provider tells of its own work beside the words of its model. Readers of a run get it as a custom_event.</summary>
/// <param name="Type">The event's type, in camelCase: claudeSession.</param>
/// <param name="Content">Of the provider's making, contents included: to be cut and cleaned before it is shown.</param>
internal sealed record ProviderEvent(string Type, JsonObject Content)
{
    private const string Key = "provider_events";

    public static IReadOnlyList<ProviderEvent> In(ChatResponseUpdate update) =>
        update.AdditionalProperties?.TryGetValue(Key, out IReadOnlyList<ProviderEvent>? events) is true ? events : [];

    public static void Put(ChatResponseUpdate update, IReadOnlyList<ProviderEvent> events) => (update.AdditionalProperties ??= [])[Key] = events;
}
