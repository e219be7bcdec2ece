using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.OpenApi;
using AiPlatform.Services.Api.Practices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Api.DayViews;

internal static class DayViewEndpoints
{
    public static IServiceCollection AddDayViews(this IServiceCollection services)
    {
        services.TryAddSingleton<DayViewService>();
        return services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, DayViewJsonContext.Default));
    }

    public static RouteGroupBuilder MapDayView(this RouteGroupBuilder group)
    {
        group.WithTags("Practitioners");
        group.MapGet("/me/today", ReadAsync).WithName("GetPractitionerToday")
            .WithProblems(400, "time_zone.unknown")
            .WithProblems(403, "practitioner.profile_required");
        return group;
    }

    /// <summary>Shows the caller's day as a practitioner: sessions, the next one, and who waits for feedback.</summary>
    /// <remarks>For whoever's token has the profile of a practitioner.</remarks>
    /// <param name="timezone" example="Europe/London">An IANA time zone, whose day it is; UTC when absent.</param>
    internal static async Task<Ok<DayViewResponse>> ReadAsync(
        DayViewService days, CurrentUser user, [StringLength(TimeZones.MaxLength)] string? timezone, CancellationToken cancellationToken) =>
        TypedResults.Ok(await days.ReadAsync(
            user,
            TimeZones.TryFind(string.IsNullOrEmpty(timezone) ? "UTC" : timezone, out var zone) ? zone : throw UnknownZone(),
            cancellationToken));

    private static DomainException UnknownZone() =>
        new(DomainErrorKind.Invalid, "time_zone.unknown", "An IANA time zone is needed, as Europe/London.")
        {
            Errors = [new("timezone", "Not an IANA time zone.", "time_zone.unknown")],
        };
}
