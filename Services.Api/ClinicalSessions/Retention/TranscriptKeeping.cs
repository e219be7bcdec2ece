namespace AiPlatform.Services.Api.ClinicalSessions.Retention;

/// <summary>How long a practice may keep transcripts, by the names that stand on the wire and in the table.</summary>
internal static class TranscriptKeeping
{
    /// <summary>Not kept; an hour for what is to be written from a transcript.</summary>
    public const string None = "none";
    public const string Day = "24h";
    public const string Week = "7d";
    public const string Kept = "kept";

    public static readonly IReadOnlyList<string> Names = [None, Day, Week, Kept];

    /// <returns>How long after it was stored a transcript is erased; null for never.</returns>
    public static TimeSpan? LifeOf(string name) => name switch
    {
        None => TimeSpan.FromHours(1),
        Day => TimeSpan.FromHours(24),
        Week => TimeSpan.FromDays(7),
        Kept => null,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a time to keep transcripts."),
    };
}

/// <summary>What a practice has chosen.</summary>
internal sealed record RetentionSetting(string Transcripts, int Version)
{
    /// <summary>Of a practice that has chosen nothing: nothing is erased before somebody decides so.</summary>
    public static readonly RetentionSetting Unchosen = new(TranscriptKeeping.Kept, Version: 1);
}
