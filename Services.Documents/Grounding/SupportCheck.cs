using AiPlatform.Services.Documents.Sources;

namespace AiPlatform.Services.Documents.Grounding;

/// <summary>
/// Whether cited segments carry a sentence: its quotations stand in them, its numbers are named in them, enough of its other
/// words occur in them, nothing is turned into its opposite, and what it reports of the client the client said.
/// </summary>
internal static class SupportCheck
{
    /// <summary>Share of a sentence's content words that must occur in its evidence; measured, see the README.</summary>
    public const double RequiredShare = 0.5;

    public static bool Holds(string sentence, IReadOnlyList<SourceSegment> cited, string clientName)
    {
        var unquoted = QuotedWords.Without(sentence);
        var fromClient = cited.Where(segment => Attributions.IsClient(segment.Speaker, clientName)).ToArray();

        return Attributions.Of(unquoted, clientName) switch
        {
            Attribution.Exchange => ExchangeHolds(sentence, cited, fromClient, clientName),
            Attribution.Client => Carries(sentence, fromClient, clientName) || AnswerHolds(sentence, cited, fromClient, clientName),
            Attribution.Therapist => TherapistHolds(sentence, cited, clientName),

            // A question is no evidence for what it asks.
            _ => Carries(sentence, [.. cited.Where(segment => !IsQuestionOfTherapist(segment))], clientName),
        };
    }

    /// <summary>"Asked about sleep, the client answered ...": what follows the client's name must be the client's own.</summary>
    private static bool ExchangeHolds(
        string sentence, IReadOnlyList<SourceSegment> cited, IReadOnlyList<SourceSegment> fromClient, string clientName)
    {
        var split = Attributions.ClientStart(sentence, clientName);
        var asked = sentence[..split];
        var fromOthers = cited.Except(fromClient).ToArray();
        return fromOthers.Length > 0
            && (IsBare(asked, clientName) || Carries(asked, fromOthers, clientName))
            && Carries(sentence[split..], fromClient, clientName);
    }

    /// <summary>"The client confirmed drinking alone" may rest on the question and the answer that follows it.</summary>
    private static bool AnswerHolds(
        string sentence, IReadOnlyList<SourceSegment> cited, IReadOnlyList<SourceSegment> fromClient, string clientName)
    {
        var unquoted = QuotedWords.Without(sentence);
        var answers = fromClient.Where(answer => cited.Any(other => other.Index < answer.Index && answer.Index - other.Index <= 2 && IsQuestionOfTherapist(other))).ToArray();

        return answers.Length > 0
            && Attributions.ReportsAnswer(unquoted)
            && Quoted(sentence, fromClient)
            && answers.Any(answer => Polarity.StartsWithNo(answer.Text)) == (Polarity.IsNegated(unquoted) && !Attributions.ReportsYes(unquoted))
            && SharesWords(unquoted, cited, clientName, out _);
    }

    private static bool TherapistHolds(string sentence, IReadOnlyList<SourceSegment> cited, string clientName)
    {
        var fromTherapist = cited.Where(segment => Attributions.IsTherapist(segment.Speaker)).ToArray();
        return fromTherapist.Length > 0
            && (Carries(sentence, fromTherapist, clientName)
                || (Attributions.ClientStart(QuotedWords.Without(sentence), clientName) >= 0 && Carries(sentence, cited, clientName)));
    }

    private static bool Carries(string sentence, IReadOnlyList<SourceSegment> segments, string clientName)
    {
        var unquoted = QuotedWords.Without(sentence);
        return segments.Count > 0
            && !IsBare(sentence, clientName)
            && Quoted(sentence, segments)
            && SharesWords(unquoted, segments, clientName, out var shared)
            && Polarity.Agrees(unquoted, shared, [.. segments.Select(segment => segment.Text)]);
    }

    private static bool IsBare(string sentence, string clientName) =>
        QuotedWords.In(sentence).Count == 0 && ContentOf(sentence, clientName).Count == 0;

    private static bool Quoted(string sentence, IReadOnlyList<SourceSegment> segments) =>
        QuotedWords.In(sentence).All(words => segments.Any(segment => QuotedWords.Occur(words, segment.Text)));

    private static bool SharesWords(
        string unquoted, IReadOnlyList<SourceSegment> segments, string clientName, out HashSet<string> shared)
    {
        var content = ContentOf(unquoted, clientName);
        var spoken = segments.SelectMany(segment => Wording.ContentStems(segment.Text)).ToHashSet(StringComparer.Ordinal);

        shared = [.. content.Where(stem => BroaderWords.Covers(stem, spoken))];
        return content.Where(Wording.IsNumber).All(spoken.Contains) && shared.Count >= content.Count * RequiredShare;
    }

    private static HashSet<string> ContentOf(string text, string clientName)
    {
        var content = Wording.ContentStems(text);
        content.ExceptWith(Wording.ContentStems(clientName));
        return content;
    }

    private static bool IsQuestionOfTherapist(SourceSegment segment) =>
        Attributions.IsTherapist(segment.Speaker) && segment.Text.TrimEnd().EndsWith('?');
}
