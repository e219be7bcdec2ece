using AiPlatform.Services.Api.ClinicalSessions.Terms;

namespace AiPlatform.Services.Api.ClinicalSessions.Analysis;

/// <summary>
/// A small list of English words of feeling as they are used in counselling, in four strengths. Put together by hand for this purpose: words
/// with several meanings (like, well, kind, fine, pretty) are left out, because a wrong count is worse than none.
/// </summary>
internal static class SentimentLexicon
{
    private static readonly Dictionary<string, double> Values = Read(
        (1, """
            delighted excited grateful happy hopeful joyful love loved overjoyed proud relieved thankful thrilled wonderful
            """),
        (0.5, """
            able better calm calmer cheerful comfortable confident content easier enjoy enjoyed enjoying fun glad good helpful hope improved
            interested lighter motivated peaceful pleased progress ready relaxed relief rested safe satisfied secure settled smile smiled stronger
            supported supportive trust
            """),
        (-0.5, """
            alone annoyed anxious anxiety ashamed awkward bad bored confused crying difficult disappointed doubt embarrassed exhausted frustrated
            frustrating guilt guilty hard hurt irritated lonely lost nervous overwhelmed pain panic pressure restless sad scared shame sick sore
            stressed stressful struggle struggling stuck tense tired trouble uncomfortable unhappy upset weak worried worry worrying worse
            """),
        (-1, """
            afraid angry awful depressed despair desperate devastated frightened furious hate hated helpless hopeless miserable terrible terrified
            worst worthless
            """));

    /// <param name="word">In lower case, in any of its forms.</param>
    /// <returns>From -1 to 1; null for a word that tells of no feeling.</returns>
    public static double? Find(string word) => Values.TryGetValue(Stemmer.Stem(word), out var value) ? value : null;

    private static Dictionary<string, double> Read(params (double Value, string Words)[] lists)
    {
        var values = new Dictionary<string, double>();
        foreach (var (value, words) in lists)
        {
            foreach (var word in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                // The first of two forms with one stem stands: anxious and anxiety have two, love and loved one.
                values.TryAdd(Stemmer.Stem(word), value);
            }
        }

        return values;
    }
}
