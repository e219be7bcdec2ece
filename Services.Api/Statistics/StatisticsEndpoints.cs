using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.OpenApi;
using AiPlatform.Services.Api.Practices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.Statistics;

internal static class StatisticsEndpoints
{
    public static IServiceCollection AddStatistics(this IServiceCollection services)
    {
        services.TryAddSingleton<StatisticsService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, StatisticsJsonContext.Default));
    }

    public static RouteGroupBuilder MapStatistics(this RouteGroupBuilder group)
    {
        group.WithTags("Practice");
        group.MapGet("/stats", ReadAsync).WithName("GetClinicStats")
            .WithProblems(400, "date_range.invalid")
            .WithProblems(403, "stats.forbidden")
            .WithProblems(404, "practice.not_found");
        return group;
    }

    /// <summary>Counts clients, sessions and practitioners; bills and appointments when asked for.</summary>
    /// <remarks>The practice's figures for those who lead it and reception, a practitioner's own for themself.</remarks>
    /// <param name="from" example="2026-11-01">The first day, in the practice's time zone; thirty days up to the last when absent.</param>
    /// <param name="to" example="2026-11-30">The last day, included; today when absent. A range is shorter than five years.</param>
    /// <param name="includeBilling" example="true">Whether to bill the held sessions; false when absent.</param>
    /// <param name="includeAppointments" example="true">Whether to count sessions by day or week; false when absent.</param>
    /// <param name="interval" example="day">day, or week beginning on Monday; days for up to 92 of them when absent.</param>
    internal static async Task<Ok<StatisticsResponse>> ReadAsync(
        StatisticsService statistics,
        CurrentUser user,
        [StringLength(10)] string? from,
        [StringLength(10)] string? to,
        bool? includeBilling,
        bool? includeAppointments,
        [AllowedValues(null, StatisticsInterval.Day, StatisticsInterval.Week)] string? interval,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await statistics.ReadAsync(
            user,
            new(DateRange.Read(from, "from"), DateRange.Read(to, "to"), includeBilling ?? false, includeAppointments ?? false, interval),
            cancellationToken));
}
