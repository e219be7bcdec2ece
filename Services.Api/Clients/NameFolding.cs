using System.Globalization;
using System.Text;

namespace AiPlatform.Services.Api.Clients;

/// <summary>Text without case and accents, so that a search finds "Søren Åkesson" by "soren akesson".</summary>
internal static class NameFolding
{
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text.Normalize(NormalizationForm.FormD))
        {
            if (character >= 128 && CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            var lower = char.ToLowerInvariant(character);
            if (lower < 128)
            {
                folded.Append(lower);
                continue;
            }

            // Letters that Unicode does not take apart.
            folded.Append(lower switch
            {
                'ø' => "o",
                'ł' => "l",
                'đ' or 'ð' => "d",
                'ı' => "i",
                'ß' => "ss",
                'æ' => "ae",
                'œ' => "oe",
                'þ' => "th",
                '’' => "'",
                _ => lower.ToString(),
            });
        }

        return folded.ToString();
    }

    /// <returns>The folded words of a query, at most 8.</returns>
    public static IReadOnlyList<string> Words(string query) =>
        [.. Fold(query).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().Take(8)];
}
