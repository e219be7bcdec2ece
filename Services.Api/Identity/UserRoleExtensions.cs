using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Identity;

internal static class UserRoleExtensions
{
    /// <summary>The role as it stands in tokens, tables and answers.</summary>
    public static string ToWire(this UserRole role) => role switch
    {
        UserRole.Owner => "owner",
        UserRole.Practitioner => "practitioner",
        UserRole.Reception => "reception",
        UserRole.Client => "client",
        UserRole.Admin => "admin",
        UserRole.Service => "service",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };
}
