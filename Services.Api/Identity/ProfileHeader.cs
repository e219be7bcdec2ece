using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;

namespace AiPlatform.Services.Api.Identity;

/// <summary>
/// The ProfileID header: whose profile a practitioner's program says it works in. It gives nothing that the verified token does not give, so it
/// has to name the token's own profile. Whoever treats nobody sends none.
/// </summary>
internal sealed class ProfileHeader(RequestDelegate next, AuditQueue audit, TimeProvider timeProvider)
{
    public const string Name = "ProfileID";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(Name, out var header) && context.Features.Get<AuthenticatedUser>() is { User: var user })
        {
            if (header is not [{ } text] || !Guid.TryParseExact(text, "D", out var profileId))
            {
                throw new DomainException(DomainErrorKind.Invalid, "profile.invalid", "ProfileID is one id, as 0a000000-0000-7000-8000-000000000101.")
                {
                    Errors = [new(Name, "Not one id.", "profile.invalid")],
                };
            }

            if (profileId != user.ProfileId || user.Role is UserRole.Client or UserRole.Service)
            {
                var refused = AuditEntry.By(
                    user, AuditActions.ProfileUsed, AuditRecords.Profile, profileId, timeProvider.GetUtcNow(), AuditOutcomes.Refused);
                await audit.RecordAsync(user.PracticeId, refused, context.RequestAborted);
                throw new DomainException(DomainErrorKind.Forbidden, "profile.forbidden", "The token may not use this profile.");
            }
        }

        await next(context);
    }
}
