using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Grounding;

/// <summary>Keeps "does not drink" and "drinks" apart, which share all their words.</summary>
internal static partial class Polarity
{
    /// <param name="sentence">Without its quotations.</param>
    /// <param name="stems">The sentence's words found in the evidence.</param>
    public static bool Agrees(string sentence, IReadOnlySet<string> stems, IReadOnlyList<string> evidence)
    {
        // "struggles to sleep" may stand for "I can't sleep".
        var negated = Negation().IsMatch(Wording.Normalise(sentence));
        if (!negated && SoftNegation().IsMatch(sentence))
        {
            return true;
        }

        var telling = evidence
            .SelectMany(text => ClauseEnd().Split(Wording.Normalise(text)))
            .Where(clause => Wording.ContentStems(clause).Overlaps(stems))
            .ToArray();

        return negated
            ? telling.Any(clause => Negation().IsMatch(clause) || SoftNegation().IsMatch(clause))
            : telling.Length == 0 || telling.Any(clause => !Negation().IsMatch(clause));
    }

    public static bool IsNegated(string sentence) => Negation().IsMatch(Wording.Normalise(sentence));

    /// <summary>True for "No.", "Not really": an answer that turns its question down.</summary>
    public static bool StartsWithNo(string answer) => NoAnswer().IsMatch(Wording.Normalise(answer));

    [GeneratedRegex(@"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot|denie[sd]|deny|denying)\b|n't\b")]
    private static partial Regex Negation();

    [GeneratedRegex(
        @"\b(?:struggl\w*|difficult\w*|lack\w*|avoid\w*|stop\w*|quit\w*|refus\w*|troubl\w*|barely|hardly|rarely|fail\w*|declin\w*|doubt\w*|reluctan\w*|un(?:able|sure|certain|willing|aware|happy|likely)|dis(?:like|agree)\w*)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex SoftNegation();

    [GeneratedRegex(@"^(?:um,? |uh,? |oh,? |well,? )*(?:no|nope|nah|not|never)\b")]
    private static partial Regex NoAnswer();

    [GeneratedRegex(@"[.,;:?!]+|\bbut\b|--")]
    private static partial Regex ClauseEnd();
}
