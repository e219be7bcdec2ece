namespace AiPlatform.Services.Api.ClinicalSessions.Terms;

/// <summary>
/// Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", 1980): forms of an English word to one stem. Words of
/// other languages may lose an ending, in text and query alike.
/// </summary>
internal static class Stemmer
{
    // Rule sets of the paper: the longest suffix that matches decides, whether its condition holds or not.
    private static readonly (string Suffix, string Replacement)[] Step2 =
    [
        ("ational", "ate"), ("ization", "ize"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("tional", "tion"), ("biliti", "ble"),
        ("entli", "ent"), ("ousli", "ous"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"), ("iviti", "ive"), ("enci", "ence"), ("anci", "ance"),
        ("izer", "ize"), ("abli", "able"), ("alli", "al"), ("ator", "ate"), ("eli", "e"),
    ];

    private static readonly (string Suffix, string Replacement)[] Step3 =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ness", ""), ("ful", ""),
    ];

    private static readonly string[] Step4 =
    [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic", "ou",
    ];

    /// <param name="word">In lower case.</param>
    public static string Stem(string word)
    {
        if (word.Length <= 2)
        {
            return word;
        }

        var stem = Tense(Plural(word));
        stem = stem.EndsWith('y') && HasVowel(stem[..^1]) ? $"{stem[..^1]}i" : stem;
        stem = Replace(Replace(stem, Step2), Step3);
        return Tidy(Strip(stem));
    }

    private static string Plural(string word) => word switch
    {
        _ when word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ies", StringComparison.Ordinal) => word[..^2],
        _ when word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) => word[..^1],
        _ => word,
    };

    private static string Tense(string word)
    {
        if (word.EndsWith("eed", StringComparison.Ordinal))
        {
            return Measure(word[..^3]) > 0 ? word[..^1] : word;
        }

        var ending = word.EndsWith("ed", StringComparison.Ordinal) ? 2 : word.EndsWith("ing", StringComparison.Ordinal) ? 3 : 0;
        var stem = word[..^ending];
        return ending == 0 || !HasVowel(stem)
            ? word
            : stem switch
            {
                _ when stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal)
                    || stem.EndsWith("iz", StringComparison.Ordinal) => $"{stem}e",
                _ when EndsWithDouble(stem) && stem[^1] is not ('l' or 's' or 'z') => stem[..^1],
                _ when Measure(stem) == 1 && EndsShort(stem) => $"{stem}e",
                _ => stem,
            };
    }

    private static string Replace(string word, (string Suffix, string Replacement)[] rules)
    {
        foreach (var (suffix, replacement) in rules)
        {
            if (word.EndsWith(suffix, StringComparison.Ordinal))
            {
                var stem = word[..^suffix.Length];
                return Measure(stem) > 0 ? stem + replacement : word;
            }
        }

        return word;
    }

    private static string Strip(string word)
    {
        if (Step4.FirstOrDefault(suffix => word.EndsWith(suffix, StringComparison.Ordinal)) is not { } found)
        {
            return word;
        }

        var stem = word[..^found.Length];
        var mayGo = Measure(stem) > 1 && (found is not "ion" || stem[^1] is 's' or 't');
        return mayGo ? stem : word;
    }

    private static string Tidy(string word)
    {
        var stem = word[..^1];
        if (word.EndsWith('e') && (Measure(stem) > 1 || (Measure(stem) == 1 && !EndsShort(stem))))
        {
            word = stem;
        }

        return word.EndsWith("ll", StringComparison.Ordinal) && Measure(word) > 1 ? word[..^1] : word;
    }

    private static bool IsConsonant(string word, int index) => word[index] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => index == 0 || !IsConsonant(word, index - 1),
        _ => true,
    };

    // m in [C](VC)^m[V]
    private static int Measure(string word)
    {
        var count = 0;
        for (var index = 1; index < word.Length; index++)
        {
            count += IsConsonant(word, index) && !IsConsonant(word, index - 1) ? 1 : 0;
        }

        return count;
    }

    private static bool HasVowel(string word) => Enumerable.Range(0, word.Length).Any(index => !IsConsonant(word, index));

    private static bool EndsWithDouble(string word) => word.Length > 1 && word[^1] == word[^2] && IsConsonant(word, word.Length - 1);

    // hop, fil: consonant, vowel, and a consonant that is not w, x or y
    private static bool EndsShort(string word) =>
        word.Length > 2 && IsConsonant(word, word.Length - 3) && !IsConsonant(word, word.Length - 2) && IsConsonant(word, word.Length - 1)
        && word[^1] is not ('w' or 'x' or 'y');
}
