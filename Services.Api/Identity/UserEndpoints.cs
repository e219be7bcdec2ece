using System.ComponentModel.DataAnnotations;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Identity;

internal static class UserEndpoints
{
    private const int MaxIds = 100;

    public static RouteGroupBuilder MapUsers(this RouteGroupBuilder group)
    {
        group.WithTags("Identity");
        group.MapGet("/active", ListActiveAsync).WithName("ListActiveUsers")
            .WithProblems(400, "request.malformed")
            .WithProblems(403, "user.list_forbidden");
        return group;
    }

    /// <summary>Tells a service which of these users of the practice may still sign in, and in which role.</summary>
    /// <remarks>For what acts in a user's name without their token, as a virtual key does. Whoever is not in the answer is gone, or of another practice.</remarks>
    /// <param name="ids" example="0a000000-0000-7000-8000-000000000201">The users, 100 at most.</param>
    internal static async Task<Ok<ActiveUserListResponse>> ListActiveAsync(
        [FromQuery(Name = "id"), MinLength(1), MaxLength(MaxIds)] Guid[] ids, IUserStore users, CurrentUser caller, CancellationToken cancellationToken)
    {
        if (caller.Role is not UserRole.Service)
        {
            throw new DomainException(DomainErrorKind.Forbidden, "user.list_forbidden", "Only the platform's services ask who may sign in.");
        }

        var roles = await users.FindRolesAsync(caller.PracticeId, ids, cancellationToken);
        return TypedResults.Ok(new ActiveUserListResponse([.. roles.OrderBy(user => user.Key).Select(user => new ActiveUserResponse(user.Key, user.Value.ToWire()))]));
    }
}
