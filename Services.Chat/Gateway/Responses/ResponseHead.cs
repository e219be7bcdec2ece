using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Services.Chat.Models.Providers.Wire;

namespace AiPlatform.Services.Chat.Gateway.Responses;

/// <summary>What is known of a response before its model has said anything: its id, and what was asked for.</summary>
internal sealed class ResponseHead(ResponseRequest request, string model, DateTimeOffset created)
{
    public string Id { get; } = $"resp_{Guid.CreateVersion7():N}";

    public bool WantsSealedThoughts { get; } = request.WantsSealedThoughts;

    // {"id":"resp_...","object":"response","created_at":1,"status":"in_progress","background":false,"error":null,...,"output":[],"usage":null}
    public JsonObject ToJson(string status, string? modelId, bool keeps) => new()
    {
        ["id"] = Id,
        ["object"] = "response",
        ["created_at"] = created.ToUnixTimeSeconds(),
        ["status"] = status,
        ["background"] = request.Background is true,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["instructions"] = request.Instructions,
        ["max_output_tokens"] = request.MaxOutputTokens,
        ["metadata"] = Given(request.Metadata) ?? new JsonObject(),
        ["model"] = modelId ?? model,
        ["output"] = new JsonArray(),
        ["parallel_tool_calls"] = request.ParallelToolCalls ?? true,
        ["previous_response_id"] = request.PreviousResponseId,
        ["reasoning"] = new JsonObject { ["effort"] = request.Reasoning?.Effort, ["summary"] = request.Reasoning?.Summary },
        ["store"] = keeps,
        ["temperature"] = request.Temperature ?? 1,
        ["text"] = new JsonObject { ["format"] = Given(request.Text?.Format) ?? new JsonObject { ["type"] = "text" } },
        ["tool_choice"] = Given(request.ToolChoice) ?? "auto",
        ["tools"] = Given(request.Tools) ?? new JsonArray(),
        ["top_p"] = request.TopP ?? 1,
        ["truncation"] = "disabled",
        ["usage"] = null,
        ["user"] = request.User,
    };

    private static JsonNode? Given(JsonElement? value) => value is { ValueKind: not JsonValueKind.Null } given ? given.ToNode() : null;
}
