using System.Text.Json;

namespace AiPlatform.Tests.Common;

/// <summary>What a client asked the <see cref="ModelServer"/>.</summary>
public sealed class ModelRequest(string path, IReadOnlyDictionary<string, string> headers, string raw, JsonElement json)
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Path => path;

    /// <summary>Names in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers => headers;

    public string Raw => raw;

    public JsonElement Json => json;

    /// <summary>In the body, or in the path where the wire has it there: /v1beta/models/gemini-2.5-flash:generateContent.</summary>
    public string Model => json.TryGetProperty("model", out var model) ? model.GetString()! : path[(path.LastIndexOf('/') + 1)..path.LastIndexOf(':')];

    public IReadOnlyList<JsonElement> Messages => [.. json.GetProperty("messages").EnumerateArray()];

    /// <summary>What embeddings are asked for: one text or several.</summary>
    public IReadOnlyList<string> Inputs => json.GetProperty("input") is { ValueKind: JsonValueKind.Array } inputs
        ? [.. inputs.EnumerateArray().Select(input => input.GetString()!)]
        : [json.GetProperty("input").GetString()!];

    /// <summary>Embeddings as the bytes of their numbers, which OpenAI's clients ask for unasked.</summary>
    public bool WantsBase64 => json.TryGetProperty("encoding_format", out var format) && format.ValueEquals("base64");

    /// <summary>Names of the offered tools.</summary>
    public IReadOnlyList<string> Tools => json.TryGetProperty("tools", out var tools)
        ? [.. tools.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!)]
        : [];

    public bool Streams => path.EndsWith(":streamGenerateContent", StringComparison.Ordinal)
        || (json.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True);

    public bool WantsUsage => json.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var usage)
        && usage.ValueKind == JsonValueKind.True;

    /// <summary>Completes when the answer ends: true when all of it was sent, false when the client went away before.</summary>
    public Task<bool> Ended => _ended.Task;

    internal void End(bool whole) => _ended.TrySetResult(whole);
}
