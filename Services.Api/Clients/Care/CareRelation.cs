namespace AiPlatform.Services.Api.Clients.Care;

/// <summary>That a practitioner treats a client: from its first day until before its end, in days of the practice.</summary>
/// <param name="EndedOn">The first day they treat them no longer; null while nobody knows. On the first day itself, the relation never came to be.</param>
internal sealed record CareRelation(
    Guid Id, Guid ClientId, Guid PractitionerId, string Kind, DateOnly StartedOn, DateOnly? EndedOn, DateTimeOffset CreatedAt, int Version)
{
    public string StatusOn(DateOnly day) => this switch
    {
        _ when EndedOn <= day || EndedOn <= StartedOn => CareStatus.Past,
        _ when StartedOn > day => CareStatus.Upcoming,
        _ => CareStatus.Current,
    };
}

/// <summary>Why somebody treats a client, on the wire and in the table.</summary>
internal static class CareKind
{
    /// <summary>Of the practitioner whom the client's record names.</summary>
    public const string Main = "main";

    /// <summary>Beside the main one.</summary>
    public const string Joint = "joint";

    /// <summary>In somebody's place for a while.</summary>
    public const string Cover = "cover";
}

internal static class CareStatus
{
    public const string Upcoming = "upcoming";
    public const string Current = "current";
    public const string Past = "past";
}
