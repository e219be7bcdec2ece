using System.Text;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Models.Forwarding;

/// <summary>Where a member of an object stands in its bytes: <c>"name" : value</c>, from the name's first quote to the value's end.</summary>
internal readonly record struct JsonMember(int Start, int NameEnd, int ValueStart, int End, JsonTokenType Kind)
{
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> json) => json[ValueStart..End];

    /// <summary>Whether it is called so, however it is spelt.</summary>
    public bool Is(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var raw = RawName(json);
        return raw.SequenceEqual(name) || (raw.Contains((byte)'\\') && Name(json) == Encoding.UTF8.GetString(name));
    }

    public string Name(ReadOnlySpan<byte> json)
    {
        var raw = RawName(json);
        return raw.Contains((byte)'\\') ? JsonSerializer.Deserialize(json[Start..NameEnd], RequestJsonContext.Default.String)! : Encoding.UTF8.GetString(raw);
    }

    private ReadOnlySpan<byte> RawName(ReadOnlySpan<byte> json) => json[(Start + 1)..(NameEnd - 1)];
}

internal static class JsonMembers
{
    /// <summary>The members of the object that <paramref name="json"/> is, in their order, and nothing after it.</summary>
    /// <exception cref="JsonException">It is no object, or not valid.</exception>
    public static List<JsonMember> Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var members = new List<JsonMember>(12);

        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("It is no object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;

            // HasValueSequence is never true here, so the raw name is its span between the quotes.
            var nameEnd = start + reader.ValueSpan.Length + 2;
            reader.Read();
            var (valueStart, kind) = ((int)reader.TokenStartIndex, reader.TokenType);
            reader.Skip();
            members.Add(new(start, nameEnd, valueStart, (int)reader.BytesConsumed, kind));
        }

        // Anything after the object is an error of its own.
        reader.Read();
        return members;
    }

    public static int IndexOf(List<JsonMember> members, ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < members.Count; index++)
        {
            if (members[index].Is(json, name))
            {
                return index;
            }
        }

        return -1;
    }
}
