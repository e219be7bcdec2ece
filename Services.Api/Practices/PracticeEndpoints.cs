using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Api.Practices;

internal static class PracticeEndpoints
{
    public static RouteGroupBuilder MapPractice(this RouteGroupBuilder group)
    {
        group.WithTags("Practice");
        group.MapGet("/", GetAsync).WithName("GetClinic");
        return group;
    }

    private static async Task<Ok<PracticeResponse>> GetAsync(CurrentUser user, IPracticeStore practices, CancellationToken cancellationToken) =>
        TypedResults.Ok(await practices.FindAsync(user.PracticeId, cancellationToken)
            ?? throw new DomainException(DomainErrorKind.NotFound, "practice.not_found", "There is no such practice."));
}
