using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>What a therapist's sentence does, when its wording shows it.</summary>
internal static partial class Intervention
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly (string Verb, Regex Pattern)[] Kinds =
    [
        ("asked", new(@"\b(on a scale|scale (of|from)|from (one|1|zero|0) to (ten|10)|how (confident|important|ready) (are|is|would))\b", Options)),
        ("suggested", new(@"\b(breathing|exercise we|mindful\w*|let's (try|practi[cs]e|do)|relaxation|thought record|grounding|pros and cons|role.?play|worksheet|decisional)\b", Options)),
        ("suggested", new(@"\b(have you (thought about|considered|tried)|you (could|might (want to|try|consider))|i('d| would) (suggest|recommend|encourage)|one (thing|option|idea)|what if you|how about|maybe (you|we) (can|could)|another (option|idea)|some people (find|try))\b", Options)),
        ("explained", new(@"\b(research|studies|guidelines?|recommended|evidence|percent|on average|increases? (your|the) risk|risk (of|for)|causes?|can lead to|is linked|what we know|health problems|considered|per (day|week)|no more than)\b", Options)),
        ("reflected", new(@"^(it|that) (sounds|seems|looks) like\b|\b(sounds like|seems like|what i('m| am) hearing|i('m| am) hearing|i hear (you|that)|you('re| are) (saying|feeling|wondering|worried|concerned|frustrated|thinking)|you feel\b|on (the )?one hand|in other words|if i understand|you've (noticed|been))\b|^so,? (you|for you|it|part of you)\b", Options)),
        ("affirmed", new(@"\b(that's (great|wonderful|excellent|fantastic|really good|impressive|a (great|good|big))|good for you|i('m| am) (glad|proud|impressed)|congratulations|i appreciate|well done|great job|takes (a lot of )?(courage|strength)|you('ve| have) done (a )?(great|good))\b", Options)),
        ("asked", new(@"^(what|how|tell me|in what|why|when|where)\b.*[?.]$|\btell me (more|a (bit|little)) about\b", Options)),
    ];

    /// <returns>Null when it does nothing that could be named.</returns>
    public static string? VerbOf(Statement statement) =>
        Kinds.FirstOrDefault(kind => kind.Pattern.IsMatch(statement.Text)).Verb is not { } verb ? null
        : verb is "reflected" or "explained" or "affirmed" && statement.IsQuestion ? (verb == "reflected" ? verb : null)
        : verb;

    public static int Rank(string verb) => verb switch
    {
        "suggested" => 0,
        "explained" => 1,
        "reflected" => 2,
        "affirmed" => 3,
        _ => 4,
    };

    /// <summary>The therapist speaks of what can be seen: "you seem tense", "I notice you are smiling".</summary>
    public static bool IsObservation(Statement statement) => Observing().IsMatch(statement.Text) && !statement.IsQuestion;

    [GeneratedRegex(@"\b(you (look|seem|appear) (a (bit|little) |really |very |pretty |kind of |so )?(tired|tense|anxious|nervous|sad|upset|calm|happy|relaxed|better|down|angry|worried|frustrated|surprised|hesitant|excited|uncomfortable|distracted|overwhelmed)|i (can see|notice[d]?|see) (that )?(you|your)|you're (smiling|crying|shaking|laughing|tearing)|your (voice|hands|face|eyes))\b", Options)]
    private static partial Regex Observing();
}
