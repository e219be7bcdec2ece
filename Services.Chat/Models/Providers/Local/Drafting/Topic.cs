using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>What a sentence touches; several at once.</summary>
[Flags]
internal enum Topic
{
    None = 0,
    Mood = 1 << 0,
    Sleep = 1 << 1,
    Medication = 1 << 2,
    Alcohol = 1 << 3,
    Smoking = 1 << 4,
    Drugs = 1 << 5,
    Risk = 1 << 6,
    Family = 1 << 7,
    Work = 1 << 8,
    Health = 1 << 9,
    Wish = 1 << 10,
    Doubt = 1 << 11,
    Commitment = 1 << 12,
    NextStep = 1 << 13,
    Strength = 1 << 14,
    Change = 1 << 15,
    Law = 1 << 16,
    Money = 1 << 17,
    History = 1 << 18,
    Eating = 1 << 19,
    Exercise = 1 << 20,
}

internal static class TopicReader
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly (Topic Topic, Regex Pattern)[] Patterns =
    [
        (Topic.Mood, new(@"\b(mood|sad|down|depress\w*|anxi\w*|worr(y|ied|ies|ying)|stress\w*|angr\w*|upset|happy|happier|cry(ing)?|cried|lonely|alone|hopeless|overwhelm\w*|panic\w*|nervous|scared|afraid|fear\w*|frustrat\w*|guilt\w*|asham\w*|shame|irritab\w*|exhaust\w*|numb|enjoy\w*|feel(s|ing)? (\w+ )?(bad|good|better|worse|awful|terrible|great|low|terrified|embarrassed|calm))\b", Options)),
        (Topic.Sleep, new(@"\b(sle(ep|pt)\w*|insomnia|awake|wake|waking|woke|nightmare\w*|bed ?time|tired|nap(s|ping)?|night's rest)\b", Options)),
        (Topic.Medication, new(@"\b(medicat\w*|medicine\w*|meds|pills?|tablets?|dose|doses|dosage|prescri\w*|antidepressant\w*|inhalers?|insulin|side effects?|refills?|zoloft|prozac|lithium|nicotine (patch|gum)\w*|painkillers?)\b", Options)),
        (Topic.Alcohol, new(@"\b(alcohol\w*|drink(s|ing|er)?|drank|drunk|beers?|wine|vodka|whisk\w+|liquor|bars?|hangover|hungover|sober|sobriety|binge\w*|booze|six.pack)\b", Options)),
        (Topic.Smoking, new(@"\b(smok\w*|cigarette\w*|tobacco|nicotine|vap(e|ing)|pack a day|packs?|cigs?)\b", Options)),
        (Topic.Drugs, new(@"\b(drugs?|cocaine|heroin|marijuana|cannabis|weed|pot|opioids?|opiates?|meth|substance\w*|using again|relaps\w*|get(ting)? high|stoned|inject\w*|needles?|detox|rehab)\b", Options)),
        (Topic.Risk, new(@"\b(suicid\w*|(kill(ed|ing)?|hurt(ing)?|harm(ed|ing)?) (myself|yourself|himself|herself|themselves|someone|somebody|others|me|him|her)|self.?harm\w*|cut(ting)? (myself|yourself)|end(ing)? (it all|my life|your life)|thoughts? (of|about) (ending|dying|death)|thought of (ending|dying)|not want(ing)? to (live|be here|wake up)|better off dead|want to die|wanna die|overdos\w*|weapons?|guns?|violen\w*|abus(e|ed|ive)|unsafe|hit (me|him|her)|hitting|beat (me|him|her)|drink(ing)? and driv\w*|dr(ove|iving|ive) drunk|dui)\b", Options)),
        (Topic.Family, new(@"\b(famil\w*|mother|mom|mum|father|dad|parents?|husband|wife|partner|boyfriend|girlfriend|sons?|daughters?|kids?|child(ren)?|brothers?|sisters?|marriage|married|divorc\w*|friends?|grandm\w+|grandf\w+|relationship\w*)\b", Options)),
        (Topic.Work, new(@"\b(work(s|ing|ed|place)?|jobs?|boss|colleague\w*|co-?workers?|school|class(es)?|college|grades?|homework|teachers?|stud(y|ying|ies)|career|office|employ\w*|fired|shifts?)\b", Options)),
        (Topic.Health, new(@"\b(health\w*|pain\w*|asthma|diabet\w*|blood (pressure|sugar)|cancer|doctor|hospital|headache\w*|cough\w*|breath\w*|sick|illness|ill|heart|lungs?|liver|symptom\w*|pregnan\w*|weight|teeth|dental|injur\w*|a1c|vaccin\w*|shot)\b", Options)),
        (Topic.Eating, new(@"\b(eat(ing|s)?|ate|food|meals?|diet\w*|snack\w*|appetite|breakfast|lunch|dinner|cook\w*|vegetables?|fruit|sugar|soda|junk food|calories)\b", Options)),
        (Topic.Exercise, new(@"\b(exercis\w*|gym|walk(s|ing|ed)?|run(ning)?|jog\w*|work(ing)? out|bike|biking|swim\w*|yoga|active|sports?|practice)\b", Options)),
        (Topic.Wish, new(@"\b(i (really |just |do |also )*(want|wanna|hope|wish|need to)|(?:i'd|i would) (really |just |also )*(like|love) to|i'd (really )?(like|love)|my goals?|hoping|it would be (nice|good|great)|important to me)\b", Options)),
        (Topic.Doubt, new(@"\b(i don't (know|think|want|see|care|really want|feel like)|i can't|i cannot|i couldn't|not sure|hard (to|for)|difficult|i doubt|i'm not ready|not ready|i won't|too (hard|much)|i've tried|struggl\w*)\b", Options)),
        (Topic.Commitment, new(@"\b(i'll|i will|i'm going to|i'm gonna|i am going to|i can (try|do|start|cut|stop)|i could (try|do|start|cut|stop|probably|maybe)|i guess i (can|could)|i plan|i promise|willing to|i'm ready|i decided|i've decided|i might (try|start)|let me try|i think i (can|could|will|'ll))\b", Options)),
        (Topic.NextStep, new(@"\b(next (time|week|month|step|session|visit|appointment)|follow(ing)?[ -]?up|come back|see you (again|in|next)|schedul\w*|appointment|homework|between now and|until we meet|check (back|in) with|set (up )?a (date|goal|plan)|our plan|the plan|referr?al|refer you|give you (a|the|some) (number|list|pamphlet|brochure|information|card|handout)|quit date|try (it|that|this) (for|out))\b", Options)),
        (Topic.Strength, new(@"\b(proud|managed to|i (did|made) it|help(s|ed) me|support(s|ive|ed)?|succe\w+|improv\w*|better (now|than)|working well|good at|strong\w*|confiden\w*|cop(e|ing))\b", Options)),
        (Topic.Change, new(@"\b(quit\w*|stop(ped|ping)?|cut(ting)? (back|down)|chang(e|ed|es|ing)|reduc\w*|less than|more than (before|i)|started|used to|since (i|then|last))\b", Options)),
        (Topic.Law, new(@"\b(court|judge|police|arrest\w*|probation|jail|prison|lawyer|ticket|parole|charges?)\b", Options)),
        (Topic.Money, new(@"\b(money|rent|bills?|debt\w*|afford|insurance|pay(ing|s)?|paid|expens\w*|cost\w*)\b", Options)),
        (Topic.History, new(@"\b(years? ago|months? ago|last year|when i was|since i was|i grew up|used to|always (been|had)|in the past|my whole life|for (\w+ )?years|the first time|started when)\b", Options)),
    ];

    public static readonly IReadOnlyList<Topic> Themes =
    [
        Topic.Alcohol, Topic.Smoking, Topic.Drugs, Topic.Mood, Topic.Sleep, Topic.Medication, Topic.Family, Topic.Work, Topic.Health, Topic.Eating,
        Topic.Exercise, Topic.Law, Topic.Money,
    ];

    /// <summary>The word by which a text touches a topic.</summary>
    public static string WordOf(Topic topic, string text) =>
        Patterns.First(entry => entry.Topic == topic).Pattern.Match(text).Value.ToLowerInvariant();

    public static Topic Read(string text) =>
        Patterns.Where(entry => entry.Pattern.IsMatch(text)).Aggregate(Topic.None, (topics, entry) => topics | entry.Topic);
}
