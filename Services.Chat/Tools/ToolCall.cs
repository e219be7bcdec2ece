using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tools;

/// <summary>A call as the model asked for it.</summary>
/// <param name="Id">Unique in the run; names the call in frames and idempotency keys.</param>
/// <param name="ModelCallId">The model's own id, under which it gets the result. Some servers repeat theirs in every round.</param>
/// <param name="Malformed">True when the arguments were no JSON object.</param>
internal sealed record ToolCall(
    string Id, string ModelCallId, string Name, IReadOnlyDictionary<string, JsonElement> Arguments, bool Malformed)
{
    /// <summary>Equal for calls of the same tool with the same arguments, whatever their order.</summary>
    public string Key { get; } = Malformed
        ? $"{Name}?{ModelCallId}"
        : $"{Name}?{string.Join('&', Arguments.OrderBy(argument => argument.Key, StringComparer.Ordinal).Select(argument => $"{argument.Key}={argument.Value.GetRawText()}"))}";

    public static ToolCall From(FunctionCallContent content, string id)
    {
        var arguments = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in content.Arguments ?? new Dictionary<string, object?>())
        {
            arguments[name] = value is JsonElement element ? element : JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions);
        }

        return new(id, content.CallId, content.Name, arguments, content.Exception is not null);
    }
}
