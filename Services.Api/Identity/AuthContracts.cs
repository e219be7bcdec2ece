using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Identity;

public sealed record LoginRequest(
    [Required, StringLength(254)] string Email, [Required, StringLength(256)] string Password);

public sealed record RefreshRequest([Required, StringLength(256)] string RefreshToken);

/// <summary>The envelope of the sign-in routes.</summary>
public sealed record AuthResponse(bool Success, int Code, string Message, AuthData Data, AuthMeta Meta);

public sealed record AuthData(string AccessToken, string RefreshToken, long ExpiresIn, string TokenType, AuthUser User);

public sealed record AuthUser(Guid Id, string Role, Guid PracticeId, Guid? ProfileId, Guid? ClientId, string DisplayName);

public sealed record AuthMeta(DateTimeOffset IssuedAt);

public sealed record MeResponse(
    Guid Id, string Role, Guid PracticeId, Guid? ProfileId, Guid? ClientId, string? CustomerId, string DisplayName, string? Email);

[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(AuthResponse))]
[JsonSerializable(typeof(MeResponse))]
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
internal sealed partial class AuthJsonContext : JsonSerializerContext;
