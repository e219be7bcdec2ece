namespace AiPlatform.Services.Chat.Models.Providers.Local.Words;

/// <summary>Brings the forms of an English word together: sessions and session, drinking and drink, worries and worry.</summary>
internal static class Stemmer
{
    public static string Stem(string word)
    {
        var stem = word.EndsWith("'s", StringComparison.Ordinal) ? word[..^2] : word;

        stem = stem switch
        {
            { Length: > 4 } when stem.EndsWith("ies", StringComparison.Ordinal) => stem[..^3] + "y",
            { Length: > 5 } when stem.EndsWith("ing", StringComparison.Ordinal) => Undouble(stem[..^3]),
            { Length: > 4 } when stem.EndsWith("ed", StringComparison.Ordinal) => Undouble(stem[..^2]),
            { Length: > 3 } when stem.EndsWith("sses", StringComparison.Ordinal) => stem[..^2],
            { Length: > 3 } when stem[^1] == 's' && stem[^2] is not ('s' or 'u' or 'i') => stem[..^1],
            _ => stem,
        };

        return stem.Length > 4 && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static string Undouble(string stem) =>
        stem.Length > 3 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'e') ? stem[..^1] : stem;
}
