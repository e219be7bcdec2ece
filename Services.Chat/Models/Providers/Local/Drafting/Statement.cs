namespace AiPlatform.Services.Chat.Models.Providers.Local.Drafting;

internal enum SpeakerRole
{
    Client,
    Therapist,
    Other,
}

/// <summary>Words of one segment, exactly as they stand there.</summary>
internal sealed record StatementPart(string SegmentId, string Text);

/// <summary>One sentence somebody said; more than one part when a murmur of the other fell in between.</summary>
internal sealed record Statement(
    int Order,
    SpeakerRole Role,
    string Speaker,
    IReadOnlyList<StatementPart> Parts,
    IReadOnlyList<string> Stems,
    double Place)
{
    private static readonly string[] Unheard = ["[unintelligible", "[inaudible", "[crosstalk"];

    /// <summary>The therapist's question right before, when this is the first thing said after it.</summary>
    public Statement? AnswerTo { get; init; }

    public string Text { get; } = string.Join(' ', Parts.Select(part => part.Text));

    /// <summary>
    /// False when somebody else's words stand in quotation marks inside: a quotation of it could not be told from theirs; or when
    /// the transcriber could not hear all of it.
    /// </summary>
    public bool IsQuotable => !Text.AsSpan().ContainsAny('"', '“', '”')
        && !Unheard.Any(mark => Text.Contains(mark, StringComparison.OrdinalIgnoreCase));

    public bool IsQuestion => Text.EndsWith('?');

    public int WordCount { get; } = Parts.Sum(part => part.Text.Count(char.IsWhiteSpace) + 1);

    public Topic Topics { get; } = TopicReader.Read(string.Join(' ', Parts.Select(part => part.Text)));

    public IEnumerable<string> SegmentIds => Parts.Select(part => part.SegmentId).Distinct();
}
