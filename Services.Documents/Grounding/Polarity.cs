using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Grounding;

/// <summary>Keeps "does not drink" and "drinks" apart, which share all their words.</summary>
internal static partial class Polarity
{
    /// <param name="sentence">Without its quotations.</param>
    /// <param name="stems">The sentence's words found in the evidence.</param>
    public static bool Agrees(string sentence, IReadOnlySet<string> stems, IReadOnlyList<string> evidence)
    {
        var clauses = evidence.SelectMany(text => ClauseEnd().Split(Wording.Normalise(text))).Where(clause => clause.Length > 0).ToArray();
        if (Negation().IsMatch(Wording.Normalise(sentence)))
        {
            return clauses.Any(clause => Negation().IsMatch(clause) || SoftNegation().IsMatch(clause));
        }

        // "struggles to sleep" may stand for "I can't sleep".
        if (SoftNegation().IsMatch(sentence))
        {
            return true;
        }

        var telling = clauses.Where(clause => Wording.ContentStems(clause).Overlaps(stems)).ToArray();
        return telling.Length == 0 || telling.Any(clause => !Negation().IsMatch(clause));
    }

    public static bool IsNegated(string sentence) => Negation().IsMatch(Wording.Normalise(sentence));

    /// <summary>True for "No.", "Not really": an answer that turns its question down.</summary>
    public static bool StartsWithNo(string answer) => NoAnswer().IsMatch(Wording.Normalise(answer));

    [GeneratedRegex(@"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot|denie[sd]|deny|denying)\b|n't\b")]
    private static partial Regex Negation();

    [GeneratedRegex(
        @"\b(?:struggl\w*|difficult\w*|unable|lack\w*|avoid\w*|stop\w*|quit\w*|refus\w*|troubl\w*|problem\w*|hard\w*|barely|rarely|fail\w*|declin\w*|few|little|less|un\w{4,}|dis\w{4,}|doubt\w*|unsure|uncertain\w*|reluctan\w*|absen\w*)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex SoftNegation();

    [GeneratedRegex(@"^(?:um,? |uh,? |oh,? |well,? )*(?:no|nope|nah|not|never)\b")]
    private static partial Regex NoAnswer();

    [GeneratedRegex(@"[.,;:?!]+|\bbut\b|--")]
    private static partial Regex ClauseEnd();
}
