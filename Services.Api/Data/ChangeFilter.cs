using AiPlatform.Services.Api.Clients;

namespace AiPlatform.Services.Api.Data;

/// <summary>Which records of a practice, in the order of their last change; what is null or empty does not limit.</summary>
internal sealed record ChangeFilter
{
    /// <summary>Of records that belong to clients.</summary>
    public ClientScope Scope { get; init; } = ClientScope.Nobody;

    /// <summary>An empty list matches none.</summary>
    public IReadOnlyCollection<Guid>? Ids { get; init; }

    /// <summary>Records of these clients only; an empty list matches none.</summary>
    public IReadOnlyCollection<Guid>? ClientIds { get; init; }

    public IReadOnlyList<ChangePeriod> Within { get; init; } = [];

    public IReadOnlyList<ChangePeriod> Outside { get; init; } = [];

    public ChangePlace? After { get; init; }

    public int Limit { get; init; } = 1;

    public bool MatchesNone => Ids is { Count: 0 } || ClientIds is { Count: 0 };
}

/// <param name="Before">Exclusive.</param>
internal sealed record ChangePeriod(DateTimeOffset? From, DateTimeOffset? Before);

/// <summary>A place in the order of changes: everything after it comes next. A record that changes meanwhile comes again, and none is left out.</summary>
internal sealed record ChangePlace(DateTimeOffset UpdatedAt, Guid Id);
