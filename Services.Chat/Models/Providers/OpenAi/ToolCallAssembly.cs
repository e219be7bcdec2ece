using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>Puts tool calls together that a stream sends in pieces: id and name with the first, then bits of the arguments.</summary>
internal sealed class ToolCallAssembly
{
    private readonly SortedDictionary<int, (string? Id, string? Name, StringBuilder Arguments)> _calls = [];

    public void Add(IEnumerable<StreamingChatToolCallUpdate> pieces)
    {
        foreach (var piece in pieces)
        {
            var call = _calls.GetValueOrDefault(piece.Index, (null, null, new()));
            call.Arguments.Append(piece.FunctionArgumentsUpdate?.ToString());
            _calls[piece.Index] = (call.Id ?? piece.ToolCallId, call.Name ?? piece.FunctionName, call.Arguments);
        }
    }

    public List<AIContent> Take()
    {
        List<AIContent> contents = [.. _calls.Values.Select(call => ToContent(call.Id ?? "", call.Name ?? "", call.Arguments.ToString()))];
        _calls.Clear();
        return contents;
    }

    /// <summary>Arguments that are no JSON object make a call with its exception set, for the agent to hand back to the model.</summary>
    public static FunctionCallContent ToContent(string id, string name, string arguments) =>
        FunctionCallContent.CreateFromParsedArguments(
            arguments, id, name, static json => string.IsNullOrWhiteSpace(json) ? [] : JsonSerializer.Deserialize(json, ArgumentsJson));

    private static readonly System.Text.Json.Serialization.Metadata.JsonTypeInfo<Dictionary<string, object?>> ArgumentsJson =
        (System.Text.Json.Serialization.Metadata.JsonTypeInfo<Dictionary<string, object?>>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Dictionary<string, object?>));
}
