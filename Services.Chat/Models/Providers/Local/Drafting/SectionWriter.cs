using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>Fills one section after the other. What one section tells, no other repeats.</summary>
internal sealed partial class SectionWriter(IReadOnlyList<Statement> statements, IReadOnlyList<string> focus)
{
    public const int Most = 6;
    private const int FewestStems = 3;
    private const double LateInSession = 0.6;
    private const double FocusWeight = 3;

    private static readonly string[] Audible = ["laugh", "cry", "sigh", "sob", "tear", "whisper", "shout"];
    private static readonly (Topic Topic, string Verb)[] Voiced = [(Topic.Commitment, "said"), (Topic.Wish, "expressed"), (Topic.Doubt, "acknowledged")];

    private readonly Salience _salience = new([.. statements.Where(statement => statement.Role != SpeakerRole.Therapist)]);
    private readonly HashSet<int> _used = [];

    public List<DraftSentence> Write(string heading, string? guidance, int most = Most) => SectionKinds.Of(heading, guidance) switch
    {
        SectionKind.Interventions => Interventions(most),
        SectionKind.Observations => Observations(most),
        SectionKind.Themes => Themes(most),
        SectionKind.Plan => Plan(most),
        SectionKind.ClientReport => Told(Pick(ByClient(), _salience.Of, most)),
        SectionKind.Open => Told(Nearest($"{heading} {guidance}", most)),
        var kind => Told(Pick(About(SectionKinds.TopicOf(kind), kind), _salience.Of, most)),
    };

    /// <summary>The client's statements that come nearest to a few words.</summary>
    public List<Statement> Nearest(string words, int most)
    {
        var query = Tokens.Stems(words);
        var candidates = ByClient(answers: true).ToList();
        var ranking = new Bm25([.. candidates.Select(statement => statement.AnswerTo is { } question && statement.Stems.Count < FewestStems ? question.Stems : statement.Stems)]);
        var topics = TopicReader.Read(words);
        var scores = candidates.Select((statement, index) => (statement, Score: ranking.Score(query, index) + ((statement.Topics & topics) != 0 ? 1 : 0)))
            .ToDictionary(pair => pair.statement, pair => pair.Score);

        return Pick(candidates.Where(statement => scores[statement] > 0), statement => scores[statement] + (0.1 * _salience.Of(statement)), most);
    }

    public static List<DraftSentence> Told(IReadOnlyList<Statement> chosen) =>
        [.. chosen.Select(Reporting.Statement)];

    private List<DraftSentence> Interventions(int most)
    {
        var done = statements.Where(statement => statement.Role == SpeakerRole.Therapist && statement.IsQuotable && statement.Stems.Count >= FewestStems && statement.WordCount >= 5)
            .Select(statement => (Statement: statement, Verb: Intervention.VerbOf(statement)))
            .Where(act => act.Verb is not null)
            .GroupBy(act => act.Verb!)
            .OrderBy(group => Intervention.Rank(group.Key))
            .ToList();
        var chosen = new List<(Statement Statement, string Verb)>();

        // One of each kind first, then a second one.
        for (var round = 0; round < 2 && chosen.Count < most; round++)
        {
            foreach (var group in done)
            {
                var next = group.Select(act => act.Statement)
                    .Where(statement => !_used.Contains(statement.Order) && chosen.TrueForAll(other => !Salience.Alike(other.Statement, statement)))
                    .OrderByDescending(statement => _salience.Of(statement) + Focused(statement))
                    .FirstOrDefault();

                if (next is not null && chosen.Count < most)
                {
                    chosen.Add((next, group.Key));
                    _used.Add(next.Order);
                }
            }
        }

        return [.. chosen.OrderBy(act => act.Statement.Order).Select(act => Reporting.Said(act.Statement, act.Verb))];
    }

    private List<DraftSentence> Observations(int most)
    {
        var seen = Take(statements.Where(statement => statement.Role == SpeakerRole.Therapist && Intervention.IsObservation(statement)), _salience.Of, most);
        var heard = Take(statements.Where(statement => statement.Role == SpeakerRole.Client && Sounds(statement) && statement.Stems.Count >= 2), _salience.Of, most - seen.Count);
        return [.. seen.Concat(heard).OrderBy(statement => statement.Order)
            .Select(statement => Reporting.Said(statement, statement.Role == SpeakerRole.Therapist ? "observed" : "said"))];
    }

    // "[laughs]", "(crying)": how it was said stands in brackets in many transcripts.
    private static bool Sounds(Statement statement) =>
        Audible.Any(sound => statement.Text.Contains($"[{sound}", StringComparison.OrdinalIgnoreCase) || statement.Text.Contains($"({sound}", StringComparison.OrdinalIgnoreCase));

    // A theme bears the client's own word for it, and says no more than that it was talked about; a denial is no theme.
    private List<DraftSentence> Themes(int most)
    {
        var client = ByClient(used: true).ToList();
        var sentences = new List<DraftSentence>();

        foreach (var theme in TopicReader.Themes.Select(theme => client.Where(statement => statement.Topics.HasFlag(theme) && !Negated().IsMatch(statement.Text)).Select(statement => (Statement: statement, Word: TopicReader.WordOf(theme, statement.Text))).ToList())
            .Where(theme => theme.Count >= 2).OrderByDescending(theme => theme.Count).Take(Math.Clamp(most - 2, 1, 3)))
        {
            var word = theme.CountBy(said => said.Word).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
            var examples = Take(theme.Where(said => said.Word == word).Select(said => said.Statement), _salience.Of, 2);

            if (examples.Count > 0)
            {
                sentences.Add(new($"The client talked about {word}: {string.Join(" and ", examples.Select(Reporting.Quote))}.", [.. examples.SelectMany(example => example.SegmentIds).Distinct()]));
            }
        }

        foreach (var (topic, verb) in Voiced)
        {
            if (sentences.Count < most && Take(client.Where(statement => statement.Topics.HasFlag(topic) && !statement.IsQuestion), _salience.Of, 1) is [var voiced])
            {
                sentences.Add(Reporting.Said(voiced, verb));
            }
        }

        return sentences;
    }

    private List<DraftSentence> Plan(int most)
    {
        // What is agreed is agreed towards the end; an intention voiced early may be taken back.
        var intended = Take(
            ByClient().Where(statement => (statement.Topics & (Topic.Commitment | Topic.NextStep)) != 0 && !statement.IsQuestion && statement.Place > LateInSession / 2),
            statement => _salience.Of(statement) * (statement.Place > LateInSession ? 2 : 1),
            (most + 1) / 2);
        var proposed = Take(
            statements.Where(statement => statement.Role == SpeakerRole.Therapist && statement.Topics.HasFlag(Topic.NextStep) && statement.Stems.Count >= FewestStems && statement.Place > LateInSession / 2),
            statement => 1 + statement.Place,
            most - intended.Count);

        return [.. intended.Concat(proposed).OrderBy(statement => statement.Order)
            .Select(statement => statement.Role == SpeakerRole.Therapist ? Reporting.Said(statement, statement.IsQuestion ? "asked" : "said") : Reporting.Intends(statement))];
    }

    private IEnumerable<Statement> ByClient(bool answers = false, bool used = false) => statements.Where(statement =>
        statement.Role != SpeakerRole.Therapist && (used || !_used.Contains(statement.Order))
        && (statement.Stems.Count >= FewestStems || (answers && statement.AnswerTo is { WordCount: <= 25 })));

    // A short answer belongs to the topic of its question; about risk every answer does, since a note must not say that nobody asked.
    private IEnumerable<Statement> About(Topic topic, SectionKind kind) => ByClient(answers: kind is not (SectionKind.Goals or SectionKind.History or SectionKind.Strengths or SectionKind.Progress))
        .Where(statement => (statement.Topics & topic) != 0 || ((statement.Stems.Count < FewestStems || kind is SectionKind.Risk) && statement.AnswerTo is { } question && (question.Topics & topic) != 0))
        .Where(statement => !statement.IsQuestion);

    private List<Statement> Pick(IEnumerable<Statement> candidates, Func<Statement, double> score, int most) =>
        Take(candidates.Where(statement => !statement.IsQuestion), score, most);

    private List<Statement> Take(IEnumerable<Statement> candidates, Func<Statement, double> score, int most)
    {
        var chosen = new List<Statement>();

        foreach (var statement in candidates.Where(statement => statement.IsQuotable && statement.AnswerTo is not { IsQuotable: false } && !_used.Contains(statement.Order)).OrderByDescending(statement => score(statement) + Focused(statement)).ThenBy(statement => statement.Order))
        {
            if (chosen.Count >= most)
            {
                break;
            }

            if (chosen.TrueForAll(other => !Salience.Alike(other, statement)))
            {
                chosen.Add(statement);
                _used.Add(statement.Order);
            }
        }

        return [.. chosen.OrderBy(statement => statement.Order)];
    }

    private double Focused(Statement statement) => FocusWeight * statement.Stems.Distinct().Count(focus.Contains);

    [GeneratedRegex(@"\b(?:no|not|never|none|nothing|nobody|cannot|without)\b|n['’]t\b", RegexOptions.IgnoreCase)]
    private static partial Regex Negated();
}
