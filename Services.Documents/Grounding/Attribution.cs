using System.Text.RegularExpressions;

namespace AiPlatform.Services.Documents.Grounding;

/// <summary>Whose words a sentence reports.</summary>
internal enum Attribution
{
    /// <summary>Nobody's: a statement about the session.</summary>
    None,
    Client,
    Therapist,

    /// <summary>"Asked about ..., the client answered ...": both.</summary>
    Exchange,
}

internal static partial class Attributions
{
    /// <param name="sentence">Without its quotations.</param>
    public static Attribution Of(string sentence, string clientName)
    {
        if (Asked().IsMatch(sentence) && ClientStart(sentence, clientName) > 0)
        {
            return Attribution.Exchange;
        }

        var therapist = Therapist().Match(sentence);
        var client = ClientStart(sentence, clientName);
        if (therapist.Success && (client < 0 || therapist.Index < client))
        {
            return Attribution.Therapist;
        }

        return client >= 0 || ImpliedClient().IsMatch(sentence) ? Attribution.Client : Attribution.None;
    }

    /// <summary>Where the client is first named; -1 when not.</summary>
    public static int ClientStart(string sentence, string clientName)
    {
        var starts = new[] { clientName, clientName.Split(' ')[0] }
            .Where(name => name.Length > 1)
            .Select(name => sentence.IndexOf(name, StringComparison.OrdinalIgnoreCase))
            .Append(Client().Match(sentence) is { Success: true } match ? match.Index : -1)
            .Where(index => index >= 0)
            .ToArray();

        return starts.Length == 0 ? -1 : starts.Min();
    }

    public static bool IsClient(string speaker, string clientName) =>
        speaker.Equals("client", StringComparison.OrdinalIgnoreCase)
        || speaker.Equals("patient", StringComparison.OrdinalIgnoreCase)
        || speaker.Equals(clientName, StringComparison.OrdinalIgnoreCase)
        || speaker.Equals(clientName.Split(' ')[0], StringComparison.OrdinalIgnoreCase);

    public static bool IsTherapist(string speaker) => TherapistLabel().IsMatch(speaker);

    /// <summary>True when the sentence says that the client took up what was asked.</summary>
    public static bool ReportsAnswer(string sentence) => Answering().IsMatch(sentence);

    /// <summary>True when the sentence says that the client said yes.</summary>
    public static bool ReportsYes(string sentence) => SayingYes().IsMatch(sentence);

    [GeneratedRegex(@"^\s*(?:when\s+)?asked\b", RegexOptions.IgnoreCase)]
    private static partial Regex Asked();

    [GeneratedRegex(@"\b(?:client|patient)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Client();

    // "The therapist suggested ...", not "has seen a counsellor".
    [GeneratedRegex(@"(?:^\s*|\bthe )(?:therapist|practitioner|clinician|counsell?or|psychologist|interviewer)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Therapist();

    [GeneratedRegex(@"\b(?:therapist|practitioner|clinician|counsell?or|psychologist|psychiatrist|interviewer|doctor|dr|nurse|coach)\b", RegexOptions.IgnoreCase)]
    private static partial Regex TherapistLabel();

    // Notes leave the client out: "Reports poor sleep.", "Denies alcohol use.", or say "She ...".
    [GeneratedRegex(
        @"^\s*(?:he|she|they|his|her|their|reports?|reported|states?|stated|denie[sd]|describe[sd]?|endorse[sd]?|express(?:es|ed)?|says?|said|feels?|felt)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex ImpliedClient();

    [GeneratedRegex(
        @"\b(?:asked|answer(?:s|ed)?|agree[sd]?|confirm(?:s|ed)?|den(?:y|ie[sd])|acknowledge[sd]?|respond(?:s|ed)?|repl(?:y|ie[sd])|accept(?:s|ed)?)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Answering();

    [GeneratedRegex(@"\b(?:agree[sd]?|confirm(?:s|ed)?|acknowledge[sd]?|accept(?:s|ed)?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SayingYes();
}
