using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Usage.Reports;

internal static class UsageEndpoints
{
    private const int MaxLimit = 500;

    public static RouteGroupBuilder MapUsage(this RouteGroupBuilder group)
    {
        group.WithTags("Usage");
        group.MapGet("/", ReportAsync).WithName("ReportUsage");
        group.MapGet("/calls", ListAsync).WithName("ListUsageCalls");
        return group;
    }

    /// <summary>Sums calls, tokens and money over days in UTC: the practice's for those who lead it, their own for others who work there.</summary>
    /// <param name="from">The first day; thirty days up to the last when absent.</param>
    /// <param name="to">The last day, included; today when absent.</param>
    /// <param name="by">day, user, persona, model or key.</param>
    /// <param name="userId">One user's calls only.</param>
    internal static async Task<JsonHttpResult<UsageReportResponse>> ReportAsync(
        UsageReportService reports, CurrentUser user, DateOnly? from, DateOnly? to, Guid? userId, [StringLength(600)] string? cursor, CancellationToken cancellationToken,
        [AllowedValues(UsageGrouping.Day, UsageGrouping.User, UsageGrouping.Persona, UsageGrouping.Model, UsageGrouping.Key)] string by = UsageGrouping.Day,
        [Range(1, MaxLimit)] int limit = 100) =>
        TypedResults.Json(await reports.SumAsync(user, new(from, to, userId), by, limit, cursor, cancellationToken), UsageJsonContext.Default.UsageReportResponse);

    /// <summary>The calls themselves, newest first, for whom and over the days as the report has them.</summary>
    internal static async Task<JsonHttpResult<UsageCallsResponse>> ListAsync(
        UsageReportService reports, CurrentUser user, DateOnly? from, DateOnly? to, Guid? userId, [StringLength(600)] string? cursor, CancellationToken cancellationToken,
        [Range(1, MaxLimit)] int limit = 100) =>
        TypedResults.Json(await reports.ListAsync(user, new(from, to, userId), limit, cursor, cancellationToken), UsageJsonContext.Default.UsageCallsResponse);
}

internal static class UsageGrouping
{
    public const string Day = "day";
    public const string User = "user";
    public const string Persona = "persona";
    public const string Model = "model";
    public const string Key = "key";
}
