namespace AiPlatform.ServiceDefaults.Security;

/// <summary>Who a caller is in a practice. In tokens the names are lower case.</summary>
public enum UserRole
{
    Owner,
    Practitioner,
    Reception,
    Client,
    Admin,
    Service,
}
