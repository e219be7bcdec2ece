namespace AiPlatform.Services.Chat.Models.Providers.Local.Planning;

/// <summary>What somebody wants done.</summary>
internal enum Act
{
    Find,
    List,
    Summarise,
    Analyse,
    Load,
    OpenOnScreen,
    Select,
    Check,
    Generate,
    Refine,
    Navigate,
}

/// <summary>What it is to be done with.</summary>
internal enum Thing
{
    Client,
    Session,
    Template,
    Document,
    Practitioner,
    Practice,
    Homework,
    Mood,
    Conversation,
    Page,
}

/// <summary>How strongly a text asks for each act on each thing.</summary>
internal sealed record Intent(IReadOnlyDictionary<Act, double> Acts, IReadOnlyDictionary<Thing, double> Things)
{
    public double Of(Act act) => Acts.GetValueOrDefault(act);

    public double Of(Thing thing) => Things.GetValueOrDefault(thing);

    public bool IsEmpty => Acts.Count == 0 && Things.Count == 0;
}
