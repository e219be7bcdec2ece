using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Documents;

/// <summary>
/// Clinical documents are for those who treat and those who answer for the practice. To everybody else a document that is named does not
/// exist, of whichever practice it is.
/// </summary>
internal static class DocumentAccess
{
    public static RouteGroupBuilder RequireDocumentAccess(this RouteGroupBuilder group, Func<DomainException> unknown)
    {
        group.AddEndpointFilter((context, next) =>
        {
            var http = context.HttpContext;
            if (http.RequestServices.GetRequiredService<CurrentUser>().Role is UserRole.Owner or UserRole.Practitioner or UserRole.Admin)
            {
                return next(context);
            }

            throw http.GetRouteValue("id") is not null
                ? unknown()
                : new DomainException(DomainErrorKind.Forbidden, "document.forbidden", "Your role has no access to clinical documents.");
        });
        return group;
    }
}
