using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Usage.Reports;

/// <summary>Who may see which calls, and over which days.</summary>
internal sealed class UsageReportService(IUsageReportStore store, IOptions<UsageOptions> options, TimeProvider timeProvider)
{
    private const int DefaultDays = 30;
    private const int MaxDays = 366;

    private static readonly DateOnly Earliest = new(2020, 1, 1);
    private static readonly DateOnly Latest = new(2200, 1, 1);

    public async Task<UsageReportResponse> SumAsync(CurrentUser user, UsageQuery query, string by, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var (scope, range) = ScopeOf(user, query);
        var after = UsageCursor.ReadText(cursor);
        var (total, groups) = await store.SumAsync(user.PracticeId, range, by, after, limit + 1, cancellationToken);
        var next = groups.Count > limit ? UsageCursor.Write(groups[limit - 1].Key ?? "") : null;
        return new(scope, range.From, range.To, options.Value.KeptFrom(timeProvider.GetUtcNow()), by, total, [.. groups.Take(limit)], next);
    }

    public async Task<UsageCallsResponse> ListAsync(CurrentUser user, UsageQuery query, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var (_, range) = ScopeOf(user, query);
        var calls = await store.ListAsync(user.PracticeId, range, UsageCursor.ReadPlace(cursor), limit + 1, cancellationToken);
        var next = calls.Count > limit ? UsageCursor.Write(calls[limit - 1].StartedAt, calls[limit - 1].RequestId) : null;
        return new([.. calls.Take(limit)], next);
    }

    private (string Scope, UsageRange Range) ScopeOf(CurrentUser user, UsageQuery query)
    {
        var (from, to) = DaysOf(query);
        return user.Role switch
        {
            UserRole.Owner or UserRole.Admin or UserRole.Service => ("practice", new(from, to, query.UserId)),
            UserRole.Practitioner or UserRole.Reception when (query.UserId ?? user.UserId) == user.UserId => ("own", new(from, to, user.UserId)),
            _ => throw new DomainException(DomainErrorKind.Forbidden, "usage.forbidden", "Usage is for those who lead the practice, and their own for those who work there."),
        };
    }

    private (DateOnly From, DateOnly To) DaysOf(UsageQuery query)
    {
        var to = query.To ?? DateOnly.FromDateTime(timeProvider.GetUtcNow().UtcDateTime);

        if (to < Earliest || to > Latest)
        {
            throw Invalid("to");
        }

        var from = query.From ?? to.AddDays(1 - DefaultDays);
        return from >= Earliest && from <= to && to.DayNumber - from.DayNumber < MaxDays ? (from, to) : throw Invalid("from");
    }

    private static DomainException Invalid(string field) => new(
        DomainErrorKind.Invalid, "date_range.invalid", $"A range has at most {MaxDays} days, of which from is the first and to the last.")
    {
        Errors = [new(field, "Not an end of such a range.", "date_range.invalid")],
    };
}

/// <summary>As it was asked.</summary>
internal sealed record UsageQuery(DateOnly? From, DateOnly? To, Guid? UserId);

/// <summary>Days in UTC, both included, and whose calls; null for everybody's.</summary>
internal sealed record UsageRange(DateOnly From, DateOnly To, Guid? UserId)
{
    public DateTime Start => From.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    public DateTime End => To.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
