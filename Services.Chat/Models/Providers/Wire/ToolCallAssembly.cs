using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

/// <summary>Puts tool calls together that a stream sends in pieces: id and name with the first, then bits of the arguments.</summary>
internal sealed class ToolCallAssembly
{
    private static readonly JsonTypeInfo<Dictionary<string, object?>> ArgumentsJson =
        (JsonTypeInfo<Dictionary<string, object?>>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Dictionary<string, object?>));

    private readonly SortedDictionary<int, Call> _calls = [];

    public int Count => _calls.Count;

    /// <returns>The piece, to be passed on.</returns>
    public ToolCallDelta Add(int index, string? id, string? name, string? arguments)
    {
        if (!_calls.TryGetValue(index, out var call))
        {
            _calls[index] = call = new();
        }

        // Some servers repeat id and name with every piece; the first one stands.
        call.Id ??= string.IsNullOrEmpty(id) ? null : id;
        call.Name ??= string.IsNullOrEmpty(name) ? null : name;
        call.Arguments.Append(arguments);
        return new(call.Id ?? "", call.Name ?? "", arguments ?? "");
    }

    public List<AIContent> Take()
    {
        List<AIContent> contents = [.. _calls.Values.Select(call => ToContent(call.Id ?? "", call.Name ?? "", call.Arguments.ToString()))];
        _calls.Clear();
        return contents;
    }

    /// <summary>Arguments that are no JSON object, or none that could be sent back, make a call with its exception set, for the agent to hand back to the model.</summary>
    public static FunctionCallContent ToContent(string id, string name, string arguments) => FunctionCallContent.CreateFromParsedArguments(arguments, id, name, Parsed);

    private static Dictionary<string, object?>? Parsed(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return [];
        }

        var json = Encoding.UTF8.GetBytes(arguments);
        PortableJson.Ensure(json);
        return JsonSerializer.Deserialize(json, ArgumentsJson);
    }

    private sealed class Call
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
