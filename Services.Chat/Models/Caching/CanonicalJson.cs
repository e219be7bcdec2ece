using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AiPlatform.Services.Chat.Models.Caching;

/// <summary>
/// Writes JSON so that two texts come out alike exactly when they say the same: members sorted by name, texts without their escapes, numbers by
/// value, no space. Every part has its length or count in front, so nothing can be read in two ways.
/// </summary>
internal static class CanonicalJson
{
    // What 400 digits of a number say no endpoint can tell from what 399 say; such numbers stay as they are spelt.
    private const int LongestNumber = 400;

    /// <exception cref="InvalidOperationException">A text in it is no valid Unicode.</exception>
    public static void Write(JsonElement value, IBufferWriter<byte> target)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, static _ => true, target);
                break;
            case JsonValueKind.Array:
                Tag(target, (byte)'[', value.GetArrayLength());

                foreach (var item in value.EnumerateArray())
                {
                    Write(item, target);
                }

                break;
            case JsonValueKind.String:
                WriteText((byte)'"', JsonMarshal.GetRawUtf8Value(value)[1..^1], value.GetString, target);
                break;
            case JsonValueKind.Number:
                WriteNumber(JsonMarshal.GetRawUtf8Value(value), target);
                break;
            default:
                Tag(target, value.ValueKind switch { JsonValueKind.True => (byte)'t', JsonValueKind.False => (byte)'f', _ => (byte)'n' }, 0);
                break;
        }
    }

    /// <param name="takes">Which members of the object count; those within them all do.</param>
    public static void WriteObject(JsonElement json, Func<string, bool> takes, IBufferWriter<byte> target)
    {
        var members = new List<JsonProperty>();

        foreach (var member in json.EnumerateObject())
        {
            if (takes(member.Name))
            {
                members.Add(member);
            }
        }

        members.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        Tag(target, (byte)'{', members.Count);

        foreach (var member in members)
        {
            WriteBytes((byte)'"', Encoding.UTF8.GetBytes(member.Name), target);
            Write(member.Value, target);
        }
    }

    private static void WriteText(byte tag, ReadOnlySpan<byte> raw, Func<string?> read, IBufferWriter<byte> target)
    {
        if (raw.Contains((byte)'\\') || !Utf8.IsValid(raw))
        {
            WriteBytes(tag, Encoding.UTF8.GetBytes(read()!), target);
        }
        else
        {
            WriteBytes(tag, raw, target);
        }
    }

    // 1200, 1.2e3 and 1200.0 are 12E2; -0 is not 0.
    private static void WriteNumber(ReadOnlySpan<byte> raw, IBufferWriter<byte> target)
    {
        if (raw.Length > LongestNumber)
        {
            WriteBytes((byte)'#', raw, target);
            return;
        }

        var exponentAt = raw.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? raw : raw[..exponentAt];
        var exponent = exponentAt < 0 ? BigInteger.Zero : BigInteger.Parse(Encoding.ASCII.GetString(raw[(exponentAt + 1)..]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        Span<byte> digits = stackalloc byte[LongestNumber];
        var (length, isNegative) = (0, mantissa[0] == '-');

        foreach (var character in isNegative ? mantissa[1..] : mantissa)
        {
            if (character != '.')
            {
                digits[length++] = character;
            }
        }

        var point = mantissa.IndexOf((byte)'.');
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var significant = digits[..length].TrimStart((byte)'0');
        var trimmed = significant.TrimEnd((byte)'0');
        exponent += significant.Length - trimmed.Length;
        var text = trimmed.IsEmpty ? "0" : $"{Encoding.ASCII.GetString(trimmed)}E{exponent.ToString(CultureInfo.InvariantCulture)}";
        WriteBytes((byte)'0', Encoding.ASCII.GetBytes(isNegative ? $"-{text}" : text), target);
    }

    private static void WriteBytes(byte tag, ReadOnlySpan<byte> bytes, IBufferWriter<byte> target)
    {
        Tag(target, tag, bytes.Length);
        target.Write(bytes);
    }

    private static void Tag(IBufferWriter<byte> target, byte tag, int count)
    {
        var span = target.GetSpan(1 + sizeof(int));
        span[0] = tag;
        BinaryPrimitives.WriteInt32LittleEndian(span[1..], count);
        target.Advance(1 + sizeof(int));
    }
}
