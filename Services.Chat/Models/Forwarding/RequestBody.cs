using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>
/// A request as it came: its bytes, where its members stand in them, and the few that the gateway reads itself. Everything else of it
/// is the endpoint's to understand.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private readonly PooledBuffer _buffer;

    /// <param name="buffer">Is the body's from here on.</param>
    /// <exception cref="DomainException">invalid_json, invalid_value</exception>
    public RequestBody(PooledBuffer buffer)
    {
        _buffer = buffer;

        try
        {
            Members = JsonMembers.Of(Bytes.Span);
            ReadMembers();
        }
        catch (JsonException)
        {
            // A name that is no Unicode is found only when it is read: {"\ud800":1}
            throw new DomainException(DomainErrorKind.Invalid, "invalid_json", "The body of the request is no valid JSON object, or is nested deeper than 64 levels.");
        }
    }

    [Flags]
    private enum KnownMember
    {
        None = 0,
        Model = 1,
        Stream = 2,
        StreamOptions = 4,
        Cache = 8,
        PreviousResponse = 16,
        MaxTokens = 32,
        MaxCompletionTokens = 64,
        MaxOutputTokens = 128,
    }

    public ReadOnlyMemory<byte> Bytes => _buffer.Written;

    public List<JsonMember> Members { get; }

    public string? Model { get; private set; }

    public bool Streams { get; private set; }

    /// <summary>The caller wants the chunk with the usage, at the end of the stream, for itself.</summary>
    public bool AsksForUsage { get; private set; }

    public string? PreviousResponseId { get; private set; }

    /// <summary>Our own member, {"no-cache": true}; no endpoint gets to see it.</summary>
    public JsonMember? Cache { get; private set; }

    /// <summary>The most tokens the model may write; null when the request sets no bound.</summary>
    public long? MaxOutput { get; private set; }

    public long InputEstimate => Bytes.Length / TokenUsage.CharactersPerToken;

    public static DomainException Invalid(string param, string message) =>
        new(DomainErrorKind.Invalid, "invalid_value", message) { Errors = [new(param, message)] };

    public void Dispose() => _buffer.Dispose();

    private void ReadMembers()
    {
        var seen = KnownMember.None;

        foreach (var member in Members)
        {
            var known = Read(member);

            // Who reads the first and who reads the last of two would understand two different requests.
            if (known != KnownMember.None && (seen & known) != 0)
            {
                throw Invalid(member.Name(Bytes.Span), "The request has this twice.");
            }

            seen |= known;
        }
    }

    private KnownMember Read(JsonMember member)
    {
        var json = Bytes.Span;

        if (member.Is(json, "model"u8))
        {
            Model = Text(member, "model");
            return KnownMember.Model;
        }

        if (member.Is(json, "stream"u8))
        {
            Streams = Flag(member, "stream");
            return KnownMember.Stream;
        }

        if (member.Is(json, "stream_options"u8))
        {
            AsksForUsage = ReadsUsage(member);
            return KnownMember.StreamOptions;
        }

        if (member.Is(json, "previous_response_id"u8))
        {
            PreviousResponseId = Text(member, "previous_response_id");
            return KnownMember.PreviousResponse;
        }

        if (member.Is(json, "cache"u8))
        {
            Cache = member;
            return KnownMember.Cache;
        }

        if (member.Is(json, "max_tokens"u8))
        {
            MaxOutput ??= Count(member);
            return KnownMember.MaxTokens;
        }

        if (member.Is(json, "max_completion_tokens"u8))
        {
            MaxOutput = Count(member) ?? MaxOutput;
            return KnownMember.MaxCompletionTokens;
        }

        if (member.Is(json, "max_output_tokens"u8))
        {
            MaxOutput = Count(member) ?? MaxOutput;
            return KnownMember.MaxOutputTokens;
        }

        return KnownMember.None;
    }

    private string? Text(JsonMember member, string name) => member.Kind switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => ReadText(member, name),
        _ => throw Invalid(name, $"{name} is a text."),
    };

    private string ReadText(JsonMember member, string name)
    {
        var value = member.Value(Bytes.Span);

        // The usual one is plain, and needs no reader.
        if (Ascii.IsValid(value) && !value.Contains((byte)'\\'))
        {
            return Encoding.ASCII.GetString(value[1..^1]);
        }

        try
        {
            return JsonSerializer.Deserialize(value, RequestJsonContext.Default.String)!;
        }
        catch (JsonException)
        {
            throw Invalid(name, $"{name} is no valid text.");
        }
    }

    public static bool Flag(JsonMember member, string name) => member.Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw Invalid(name, $"{name} is true or false."),
    };

    private bool ReadsUsage(JsonMember member)
    {
        if (member.Kind != JsonTokenType.StartObject)
        {
            return member.Kind == JsonTokenType.Null ? false : throw Invalid("stream_options", "stream_options is an object.");
        }

        var options = member.Value(Bytes.Span);
        var members = JsonMembers.Of(options);
        return JsonMembers.IndexOf(members, options, "include_usage"u8) is var index and >= 0 && Flag(members[index], "stream_options.include_usage");
    }

    // What is no such number is the endpoint's to refuse.
    private long? Count(JsonMember member) =>
        member.Kind == JsonTokenType.Number && System.Buffers.Text.Utf8Parser.TryParse(member.Value(Bytes.Span), out long count, out var read) && read == member.End - member.ValueStart && count >= 0
            ? count
            : null;
}

[JsonSerializable(typeof(string))]
internal sealed partial class RequestJsonContext : JsonSerializerContext;
