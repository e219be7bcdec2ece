using System.Globalization;
using System.Text;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

/// <summary>
/// Halves of a surrogate pair that stand alone in JSON. A server that cuts its texts by UTF-16 sends an emoji in two pieces, "\ud83d" and "\ude42", neither
/// of which is a text to a reader of JSON. Each is read as U+FFFD, as half a character of UTF-8 is.
/// </summary>
internal static class SurrogateHalves
{
    private const int EscapeLength = 6;

    public static string Replace(string json)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);

        for (var position = 0; position < json.Length;)
        {
            var (length, isHalf) = Next(json, position);
            text.Append(isHalf ? "\\ufffd" : json.AsSpan(position, length));
            position += length;
        }

        return text.ToString();
    }

    private static (int Length, bool IsHalf) Next(string json, int position) => (Escaped(json, position), Escaped(json, position + EscapeLength)) switch
    {
        ({ } high, { } low) when char.IsSurrogatePair(high, low) => (2 * EscapeLength, false),
        ({ } one, _) => (EscapeLength, char.IsSurrogate(one)),

        // \\ud83d is a backslash and five letters.
        _ when json[position] == '\\' => (Math.Min(2, json.Length - position), false),
        _ => (1, false),
    };

    // \ud83d
    private static char? Escaped(string json, int position) =>
        position + EscapeLength <= json.Length && json[position] == '\\' && json[position + 1] == 'u'
        && ushort.TryParse(json.AsSpan(position + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? (char)code
            : null;
}
