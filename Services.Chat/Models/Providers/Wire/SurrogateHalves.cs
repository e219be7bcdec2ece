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
        StringBuilder? text = null;
        var copied = 0;

        for (var position = json.IndexOf('\\', StringComparison.Ordinal); position >= 0;)
        {
            var (length, isHalf) = Next(json, position);

            if (isHalf)
            {
                (text ??= new(json.Length)).Append(json, copied, position - copied).Append("\\ufffd");
                copied = position + length;
            }

            position = json.IndexOf('\\', position + length);
        }

        return text is null ? json : text.Append(json, copied, json.Length - copied).ToString();
    }

    private static (int Length, bool IsHalf) Next(string json, int position) => (Escaped(json, position), Escaped(json, position + EscapeLength)) switch
    {
        ({ } high, { } low) when char.IsSurrogatePair(high, low) => (2 * EscapeLength, false),
        ({ } one, _) => (EscapeLength, char.IsSurrogate(one)),

        // \\ud83d is a backslash and five letters.
        _ => (Math.Min(2, json.Length - position), false),
    };

    // \ud83d
    private static char? Escaped(string json, int position) =>
        position + EscapeLength <= json.Length && json[position] == '\\' && json[position + 1] == 'u'
        && ushort.TryParse(json.AsSpan(position + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? (char)code
            : null;
}
