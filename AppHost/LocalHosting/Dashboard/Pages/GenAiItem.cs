using System.Globalization;
using System.Text.Json.Serialization;
using Aspire.Hosting.Dashboard.Otlp;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>What a span says of a model or a tool, by OpenTelemetry's conventions; what it cost is an attribute of our own.</summary>
/// <param name="Input">The messages sent or the tool's arguments, as JSON, when an operator has contents captured.</param>
internal sealed record GenAiItem(
    string? Operation, string? System, string? Model, long? InputTokens, long? OutputTokens, double? CostUsd,
    string? ToolName, string? ToolCallId, string? ConversationId, string? Input, string? Output)
{
    /// <returns>Null when it says nothing of the kind.</returns>
    public static GenAiItem? Of(OtlpAttributes attributes) => !attributes.Exists(a => a.Key.StartsWith("gen_ai.", StringComparison.Ordinal)) ? null : new(
        attributes.Find("gen_ai.operation.name"),
        attributes.Find("gen_ai.provider.name", "gen_ai.system"),
        attributes.Find("gen_ai.response.model", "gen_ai.request.model"),
        Number(attributes.Find("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")),
        Number(attributes.Find("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")),
        double.TryParse(attributes.Find("aiplatform.model.cost_usd"), CultureInfo.InvariantCulture, out var cost) && double.IsFinite(cost) ? cost : null,
        attributes.Find("gen_ai.tool.name"),
        attributes.Find("gen_ai.tool.call.id"),
        attributes.Find("gen_ai.conversation.id"),
        attributes.Find("gen_ai.input.messages", "gen_ai.tool.call.arguments"),
        attributes.Find("gen_ai.output.messages", "gen_ai.tool.call.result"));

    /// <summary>Whether it called a model itself; an agent's span may repeat the tokens of all calls below it.</summary>
    [JsonIgnore]
    public bool IsModelCall => Operation is not ("invoke_agent" or "create_agent" or "execute_tool");

    private static long? Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
