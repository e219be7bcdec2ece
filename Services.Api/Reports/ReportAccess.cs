using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Practices;

namespace AiPlatform.Services.Api.Reports;

/// <summary>How somebody is treated is for those who treat them or lead; what they are billed for those who lead and reception. Whose report it is, ClientGate decides.</summary>
internal static class ReportAccess
{
    /// <returns>The types of reports that the caller makes and reads.</returns>
    /// <exception cref="DomainException">There are none.</exception>
    public static IReadOnlyList<string> TypesOf(CurrentUser user) => user switch
    {
        _ when user.Leads() => [.. ReportTypes.Clinical, ReportTypes.BillingSummary],
        { Role: UserRole.Practitioner } => ReportTypes.Clinical,
        { Role: UserRole.Reception } => [ReportTypes.BillingSummary],
        _ => throw Forbidden(),
    };

    public static void EnsureMayUse(CurrentUser user, string reportType)
    {
        if (!TypesOf(user).Contains(reportType))
        {
            throw Forbidden();
        }
    }

    public static DomainException NotFound() => new(DomainErrorKind.NotFound, "report.not_found", "There is no such report.");

    private static DomainException Forbidden() =>
        new(DomainErrorKind.Forbidden, "report.forbidden", "Reports on a treatment are for those who treat or lead, those on billing for those who lead and reception.");
}
