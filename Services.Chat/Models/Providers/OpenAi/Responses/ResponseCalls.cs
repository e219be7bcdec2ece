using System.Text.Json;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi.Responses;

/// <summary>
/// Finds tool calls among output items: ours (function_call) and those the provider makes itself (web search, code interpreter). Streams
/// show an item when it is added, when it is done and again in the whole response; each call is reported once, when it is finished.
/// </summary>
internal sealed class ResponseCalls
{
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <returns>Null for an item that is no call, is not finished yet, or was reported already.</returns>
    public AIContent? Take(JsonElement item) =>
        item.Text("status") is null or "completed" && ToCall(item) is { } call && _reported.Add(KeyOf(item)) ? call : null;

    /// <summary>All calls of a response, also where it is wrapped: {"response":{"output":[...]}}.</summary>
    public static IReadOnlyList<AIContent> Extract(JsonElement response)
    {
        var calls = new ResponseCalls();
        return response.Object("response") is { } inner
            ? Extract(inner)
            : [.. response.Items("output").Select(calls.Take).OfType<AIContent>()];
    }

    // A call without an id is known by what it says.
    private static string KeyOf(JsonElement item) =>
        item.Text("call_id") ?? item.Text("id") ?? $"{item.Text("name")}({item.Text("arguments")})";

    private static AIContent? ToCall(JsonElement item) => item.Text("type") switch
    {
        "function_call" when item.Text("name") is { Length: > 0 } name && item.Text("arguments") is { } arguments =>
            ToolCallAssembly.ToContent(item.Text("call_id") ?? item.Text("id") ?? "", name, arguments),

        // {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"sleep hygiene"}}
        "web_search_call" => new WebSearchToolCallContent(item.Text("id") ?? "") { Queries = Query(item) is { } query ? [query] : [] },

        // {"type":"code_interpreter_call","id":"ci_1","status":"completed","code":"print(1)"}
        "code_interpreter_call" => new CodeInterpreterToolCallContent(item.Text("id") ?? "") { Inputs = [new TextContent(item.Text("code"))] },
        _ => null,
    };

    private static string? Query(JsonElement item) => item.Object("action")?.Text("query") ?? item.Text("query");
}
