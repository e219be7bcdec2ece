using System.Text.RegularExpressions;

namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

/// <summary>What a section of a template is for.</summary>
internal enum SectionKind
{
    /// <summary>Nothing we know: its own words say what belongs there.</summary>
    Open,
    ClientReport,
    Observations,
    Themes,
    Interventions,
    Plan,
    Risk,
    Goals,
    Mood,
    Sleep,
    Medication,
    Substances,
    History,
    Progress,
    Strengths,
    Family,
    Work,
    Health,
}

internal static class SectionKinds
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // The first that meets: a heading "Risk assessment" is about risk, "Treatment plan" about the plan.
    private static readonly (SectionKind Kind, Regex Pattern)[] Patterns =
    [
        (SectionKind.Risk, new(@"\b(risk|safety|suicid\w*|harm)\b", Options)),
        (SectionKind.Medication, new(@"\b(medicat\w*|medicine|meds|prescription\w*|pharmac\w*)\b", Options)),
        (SectionKind.Substances, new(@"\b(substances?|alcohol|drugs?|drinking|smoking|tobacco|addict\w*)\b", Options)),
        (SectionKind.Sleep, new(@"\b(sleep\w*|rest)\b", Options)),
        (SectionKind.Interventions, new(@"\b(interventions?|techniques?|methods?|therapist('s)? (response|action|work)|what (the )?(therapist|i) did|treatment provided|strategies used|approach)\b", Options)),
        (SectionKind.Goals, new(@"\b(goals?|objectives|aims?|hopes|wants)\b", Options)),
        (SectionKind.Plan, new(@"\b(plan|plans|next|steps?|homework|follow[ -]?up|recommendations?|action(s| items)|tasks|agreed|between sessions)\b", Options)),
        (SectionKind.Progress, new(@"\b(progress|changes|response to treatment|improvements?)\b", Options)),
        (SectionKind.Mood, new(@"\b(mood|affect|emotion\w*|feelings)\b", Options)),
        (SectionKind.History, new(@"\b(history|background)\b", Options)),
        (SectionKind.Strengths, new(@"\b(strengths?|resources|protective|coping|supports?)\b", Options)),
        (SectionKind.Family, new(@"\b(famil\w*|relationships?|social|support network)\b", Options)),
        (SectionKind.Work, new(@"\b(work|school|education|employment|occupation\w*|functioning)\b", Options)),
        (SectionKind.Health, new(@"\b(health|medical|physical)\b", Options)),
        (SectionKind.Observations, new(@"\b(objective|observ\w*|mental status|appearance|behaviou?r\w*|presentation)\b", Options)),
        (SectionKind.Themes, new(@"\b(assessment|themes?|analysis|formulation|impressions?|interpretation|evaluation|clinical|topics)\b", Options)),
        (SectionKind.ClientReport, new(@"\b(subjective|presenting|reports?|reported|summary|overview|discussed|discussion|data|concerns?|complaints?|content|session|situation|narrative|description|client|said|reason|problems?|issues?|symptoms?)\b", Options)),
    ];

    /// <summary>By the heading; the guidance under it is asked only when the heading says nothing.</summary>
    public static SectionKind Of(string heading, string? guidance)
    {
        var kind = Find(heading);
        return kind is SectionKind.Open && guidance is not null ? Find(guidance) : kind;
    }

    private static SectionKind Find(string text) => Patterns.FirstOrDefault(entry => entry.Pattern.IsMatch(text)).Kind;

    public static Topic TopicOf(SectionKind kind) => kind switch
    {
        SectionKind.Risk => Topic.Risk,
        SectionKind.Goals => Topic.Wish,
        SectionKind.Mood => Topic.Mood,
        SectionKind.Sleep => Topic.Sleep,
        SectionKind.Medication => Topic.Medication,
        SectionKind.Substances => Topic.Alcohol | Topic.Smoking | Topic.Drugs,
        SectionKind.History => Topic.History,
        SectionKind.Progress => Topic.Change | Topic.Strength,
        SectionKind.Strengths => Topic.Strength,
        SectionKind.Family => Topic.Family,
        SectionKind.Work => Topic.Work,
        SectionKind.Health => Topic.Health | Topic.Eating | Topic.Exercise,
        _ => Topic.None,
    };
}
