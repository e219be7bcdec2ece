using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

/// <summary>JSON that no other wire can carry.</summary>
/// <param name="fault">What is wrong with it, as the end of a sentence about it.</param>
internal sealed class UnportableJsonException(string fault) : JsonException(fault)
{
    public string Fault { get; } = fault;
}

/// <summary>
/// JSON from outside that is to be written anew on another wire. A writer throws on text that is no Unicode, and on what is nested too deep once the wire's
/// own levels are around it; found there, a caller's fault would look like the endpoint's, and an endpoint's like ours.
/// </summary>
internal static class PortableJson
{
    // A writer stops at 64, and no wire puts 16 levels around a schema or a call's arguments.
    public const int MaxDepth = 48;

    /// <exception cref="UnportableJsonException">It is nested deeper than <see cref="MaxDepth"/>, or a text of it is no Unicode.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static void Ensure(ReadOnlySpan<byte> json)
    {
        // One level more than is taken, so that the one too many is met here, where it can be told from what is no JSON.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });

        while (reader.Read())
        {
            if (reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.CurrentDepth == MaxDepth)
            {
                throw new UnportableJsonException($"is nested deeper than {MaxDepth} levels");
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsUnicode(ref reader))
            {
                throw new UnportableJsonException("has a text that is no Unicode");
            }
        }
    }

    /// <summary>What a provider sent, which is UTF-8 whatever its head calls it ("utf8").</summary>
    /// <exception cref="JsonException">It is no JSON, or nested too deep.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json) => Parse(Encoding.UTF8.GetString(json).TrimStart('\uFEFF'));

    /// <summary>What a provider sent. Of texts that are cut within a character it has the rest.</summary>
    /// <exception cref="JsonException">It is no JSON, or nested too deep.</exception>
    public static JsonElement Parse(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(SurrogateHalves.Replace(json));
        Ensure(bytes);
        return JsonElement.Parse(bytes);
    }

    private static bool IsUnicode(ref Utf8JsonReader reader)
    {
        if (!Utf8.IsValid(reader.ValueSpan))
        {
            return false;
        }

        // "\ud800"
        if (!reader.ValueIsEscaped || reader.ValueSpan.IndexOf("\\u"u8) < 0)
        {
            return true;
        }

        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
