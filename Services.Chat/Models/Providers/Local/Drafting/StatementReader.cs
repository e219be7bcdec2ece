using System.Text.RegularExpressions;
using AiPlatform.Services.Chat.Models.Providers.Local.Words;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>Cuts transcripts into statements: murmurs dropped, fillers trimmed, broken-off sentences put together again.</summary>
internal static partial class StatementReader
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const int MaxParts = 3;

    public static List<Statement> Read(DraftRequest request)
    {
        var statements = new List<Statement>();

        foreach (var session in request.Sessions)
        {
            ReadSession(session, request, statements);
        }

        return statements;
    }

    public static SpeakerRole RoleOf(string? speaker, DraftRequest request)
    {
        var label = speaker?.Trim() ?? "";

        return TherapistLabel().IsMatch(label) || Same(label, request.Practitioner?.Name) ? SpeakerRole.Therapist
            : ClientLabel().IsMatch(label) || Same(label, request.Client?.Name) ? SpeakerRole.Client
            : SpeakerRole.Other;
    }

    private static bool Same(string label, string? name) =>
        label.Length > 0 && name is not null && (string.Equals(label, name, StringComparison.OrdinalIgnoreCase) || name.Split(' ').Contains(label, StringComparer.OrdinalIgnoreCase));

    private static void ReadSession(DraftSession session, DraftRequest request, List<Statement> statements)
    {
        // A sentence that its speaker has not ended yet, by role.
        var open = new Dictionary<SpeakerRole, List<StatementPart>>();
        Statement? question = null;
        SpeakerRole? before = null;

        for (var i = 0; i < session.Segments.Count; i++)
        {
            var segment = session.Segments[i];
            var role = RoleOf(segment.Speaker, request);
            var speaker = segment.Speaker?.Trim() ?? "";
            var text = segment.Text ?? "";

            if (role != SpeakerRole.Therapist && IsMurmur(text) && question is null)
            {
                continue;
            }

            if (before != role && !IsMurmur(text))
            {
                // The other one took the floor: what was left open stays unfinished.
                foreach (var other in open.Keys.Where(other => other != role).ToList())
                {
                    Close(open, other, speaker: other.ToString().ToLowerInvariant());
                }
            }

            var sentences = Sentences(text);

            for (var s = 0; s < sentences.Count; s++)
            {
                var part = new StatementPart(segment.Id, sentences[s]);
                var parts = open.Remove(role, out var begun) ? begun : [];
                parts.Add(part);

                if (s == sentences.Count - 1 && !Ended().IsMatch(sentences[s]) && parts.Count < MaxParts && NextOf(session, i, role, request) is not null)
                {
                    open[role] = parts;
                    continue;
                }

                Add(role, speaker, parts);
            }

            before = IsMurmur(text) ? before : role;

            void Close(Dictionary<SpeakerRole, List<StatementPart>> unfinished, SpeakerRole other, string speaker)
            {
                if (unfinished.Remove(other, out var parts))
                {
                    Add(other, speaker, parts);
                }
            }
        }

        foreach (var (role, parts) in open)
        {
            Add(role, role.ToString().ToLowerInvariant(), parts);
        }

        void Add(SpeakerRole role, string speaker, List<StatementPart> parts)
        {
            List<StatementPart> kept = [.. parts.Select(Trim).OfType<StatementPart>()];
            var whole = string.Join(' ', parts.Select(part => part.Text));

            // "Yeah." says nothing alone, but everything after a question.
            if (kept.Count == 0 || IsMurmur(whole))
            {
                if (question is null || role == SpeakerRole.Therapist || !YesOrNo().IsMatch(whole))
                {
                    return;
                }

                kept = [.. parts];
            }

            var statement = new Statement(statements.Count, role, speaker, kept, Tokens.Stems(string.Join(' ', kept.Select(part => part.Text))), Place(session, kept[0].SegmentId))
            {
                AnswerTo = role == SpeakerRole.Therapist ? null : question,
            };

            statements.Add(statement);
            question = statement is { Role: SpeakerRole.Therapist, IsQuestion: true } ? statement : null;
        }
    }

    // The next thing the same speaker says, when only murmurs lie between.
    private static DraftSegment? NextOf(DraftSession session, int index, SpeakerRole role, DraftRequest request)
    {
        for (var i = index + 1; i < session.Segments.Count; i++)
        {
            var next = session.Segments[i];

            if (RoleOf(next.Speaker, request) == role)
            {
                return next;
            }

            if (!IsMurmur(next.Text ?? ""))
            {
                return null;
            }
        }

        return null;
    }

    private static double Place(DraftSession session, string segmentId)
    {
        var index = session.Segments.TakeWhile(segment => segment.Id != segmentId).Count();
        return session.Segments.Count == 0 ? 0 : (double)index / session.Segments.Count;
    }

    private static List<string> Sentences(string text) =>
        [.. Sentence().Matches(text).Select(match => match.Value.Trim()).Where(sentence => sentence.Any(char.IsLetterOrDigit))];

    public static bool IsMurmur(string text) => Murmur().Replace(text, " ").All(character => !char.IsLetterOrDigit(character));

    private static StatementPart? Trim(StatementPart part)
    {
        var text = Filler().Replace(part.Text, "").Trim(' ', '-', '–', '—', ',', ';', '…').Trim();
        return Bracketed().Replace(text, "").Any(char.IsLetterOrDigit) ? part with { Text = text } : null;
    }

    [GeneratedRegex(@"[^.!?]+(?:[.!?](?=[^\s""”'’)\].!?])[^.!?]*)*[.!?…]*[""”'’)\]]*\s*")]
    private static partial Regex Sentence();

    // "[chuckles]" alone says nothing.
    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"[.!?…][""”'’)\]]*$")]
    private static partial Regex Ended();

    [GeneratedRegex(@"\b(?:mm+|mm?-?hmm?|mhm+|hm+|huh|uh-huh|uh|um+|ah+|oh|okay|ok|yeah|yes|yep|yup|no|nope|right|sure|alright|all right|i see|exactly|absolutely|definitely|of course|great|good|fine|cool|wow|well|so|and|but|true|correct|thank you|thanks|you know|i know|i mean|got it|gotcha|that's (?:right|true|fine|good|great|okay)|sounds good)\b", Options)]
    private static partial Regex Murmur();

    [GeneratedRegex(@"\b(?:yeah|yes|yep|yup|uh-huh|mm-?hmm|mhm|no|nope|right|exactly|definitely|absolutely|sure|of course|that's (?:right|true)|not really)\b", Options)]
    private static partial Regex YesOrNo();

    // "no idea" keeps its no, "so much" its so: those words are fillers only before a pause or a pronoun.
    [GeneratedRegex(@"^[-–—\s]*(?:(?:(?:well|right|no|sure|alright|all right|actually|basically|honestly|yes|yep|like|then|exactly|good|great|definitely)[,.\-–—…!]+|(?:um+|uh+|er+|ah|oh|mm-?hmm|mhm|hmm?|and|but|you know|i mean|yeah|okay|ok|so(?=,| (?:i|i'm|i've|we|he|she|they|it|it's|my|that|the)\b))\b[,.\-–—…!]*)\s+)+", Options)]
    private static partial Regex Filler();

    [GeneratedRegex(@"\b(therapist|counsell?or|practitioner|clinician|interviewer|doctor|dr|psychologist|psychiatrist|provider|nurse|coach)\b", Options)]
    private static partial Regex TherapistLabel();

    [GeneratedRegex(@"\b(client|patient|participant)\b", Options)]
    private static partial Regex ClientLabel();
}
