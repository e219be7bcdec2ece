using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Documents;

/// <summary>Clinical documents are for those who treat and those who answer for the practice.</summary>
internal static class DocumentAccess
{
    public static RouteGroupBuilder RequireDocumentAccess(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static (context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<CurrentUser>().Role is UserRole.Owner or UserRole.Practitioner or UserRole.Admin
                ? next(context)
                : throw new DomainException(DomainErrorKind.Forbidden, "document.forbidden", "Your role has no access to clinical documents."));
        return group;
    }
}
