using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.Practitioners;

internal static class PractitionerEndpoints
{
    public static RouteGroupBuilder MapPractitioners(this RouteGroupBuilder group)
    {
        group.WithTags("Practitioners");
        group.MapGet("/", ListAsync).WithName("ListPractitioners");
        return group;
    }

    private static async Task<Ok<PractitionerListResponse>> ListAsync(
        CurrentUser user,
        IPractitionerStore practitioners,
        [AllowedValues(null, "all", "active", "inactive")] string? status,
        [Range(1, 200)] int? limit,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(new PractitionerListResponse(await practitioners.ListAsync(
            user.PracticeId,
            status switch { "all" => null, "inactive" => false, _ => true },
            limit ?? 50,
            cancellationToken)));
}
