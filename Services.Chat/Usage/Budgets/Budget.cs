using System.Globalization;
using AiPlatform.Services.Chat.Models.Calls;

namespace AiPlatform.Services.Chat.Usage.Budgets;

/// <summary>How much one subject may spend on models in each period.</summary>
/// <param name="Thresholds">Percent of the amount at which an alert is raised, once a period each; rising.</param>
internal sealed record Budget(BudgetKey Key, string Period, decimal AmountUsd, IReadOnlyList<int> Thresholds)
{
    public static readonly IReadOnlyList<int> DefaultThresholds = [50, 80, 100];

    public long Limit => Nano.Of(AmountUsd);
}

/// <param name="Scope">One of <see cref="BudgetScope"/>.</param>
/// <param name="SubjectId">The practice's, the user's or the key's id.</param>
internal sealed record BudgetKey(Guid PracticeId, string Scope, Guid SubjectId)
{
    /// <summary>Of everybody in whose budget a call of that caller is.</summary>
    public static IEnumerable<BudgetKey> Of(ModelCaller caller)
    {
        yield return new(caller.PracticeId, BudgetScope.Practice, caller.PracticeId);
        yield return new(caller.PracticeId, BudgetScope.User, caller.UserId);

        if (caller.KeyId is { } key)
        {
            yield return new(caller.PracticeId, BudgetScope.Key, key);
        }
    }
}

internal static class BudgetScope
{
    public const string Practice = "practice";
    public const string User = "user";
    public const string Key = "key";
}

/// <summary>Days and months in UTC.</summary>
internal static class BudgetPeriod
{
    public const string Day = "day";
    public const string Month = "month";

    public static DateOnly StartOf(string period, DateTimeOffset time)
    {
        var day = DateOnly.FromDateTime(time.UtcDateTime);
        return period == Day ? day : new(day.Year, day.Month, 1);
    }

    /// <summary>When the period that began on that day is over.</summary>
    public static DateTimeOffset EndOf(string period, DateOnly start) =>
        new((period == Day ? start.AddDays(1) : start.AddMonths(1)).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>Money as whole billionths of a dollar, for what must add up in Redis.</summary>
internal static class Nano
{
    private const decimal PerDollar = 1_000_000_000m;

    // What Redis' scripts reckon exactly, nine million dollars.
    public const long Most = 9_000_000_000_000_000;

    public static long Of(decimal usd) => (long)decimal.Round(decimal.Clamp(usd * PerDollar, 0, Most));

    public static decimal ToUsd(long nano) => nano / PerDollar;

    public static string Text(long nano) => nano.ToString(CultureInfo.InvariantCulture);
}
