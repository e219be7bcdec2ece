using AiPlatform.ServiceDefaults.Security;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Somebody who signs in, and whom the practice knows them as.</summary>
internal sealed record User(
    Guid Id, Guid PracticeId, string Email, UserRole Role, string DisplayName, Guid? ProfileId, Guid? ClientId, string? CustomerId);
