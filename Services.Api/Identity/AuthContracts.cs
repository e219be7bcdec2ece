using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Address and password of a person of a practice.</summary>
/// <param name="Email">The address the person is known by; case does not matter.</param>
/// <param name="Password">The password, as it was typed.</param>
/// <example>{"email":"nora.berg@harbourlane.example","password":"demo-password-1"}</example>
public sealed record LoginRequest([Required, StringLength(254)] string? Email, [Required, StringLength(256)] string? Password);

/// <summary>A refresh token, which is used up by this.</summary>
/// <param name="RefreshToken">As the last sign-in or renewal gave it.</param>
/// <example>{"refreshToken":"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"}</example>
public sealed record RefreshRequest([Required, StringLength(256)] string? RefreshToken);

/// <summary>How the sign-in routes answer, successes and failures alike.</summary>
/// <param name="Success">True for a 2xx.</param>
/// <param name="Code">The HTTP status.</param>
/// <param name="Message">For people.</param>
/// <param name="Data">What was asked for; for a failure its errors.</param>
/// <param name="Meta">About the answer itself.</param>
public sealed record Envelope<T>(bool Success, int Code, string Message, T Data, EnvelopeMeta Meta)
    where T : class;

/// <summary>About the answer itself.</summary>
/// <param name="IssuedAt">When it was made.</param>
/// <param name="TraceId">The trace to look for.</param>
/// <example>{"issuedAt":"2026-11-20T17:00:00Z","traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}</example>
public sealed record EnvelopeMeta(DateTimeOffset IssuedAt, string TraceId);

/// <summary>What a refused request did wrong.</summary>
/// <param name="Errors">At least one.</param>
public sealed record EnvelopeErrors(IReadOnlyList<EnvelopeError> Errors);

/// <summary>One fault.</summary>
/// <param name="Field">The field at fault; null when it is the request as a whole.</param>
/// <param name="Message">For people.</param>
/// <param name="Code">Stable, for programs.</param>
public sealed record EnvelopeError(string? Field, string Message, string Code);

/// <summary>The tokens of a signed-in person.</summary>
/// <param name="AccessToken">A JWT for the Authorization header.</param>
/// <param name="RefreshToken">For the next pair of tokens; it works once.</param>
/// <param name="ExpiresIn">Seconds the access token lives.</param>
/// <param name="TokenType">Bearer.</param>
/// <param name="User">Who signed in.</param>
/// <example>{"accessToken":"eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiIwYTAwIn0.c2lnbmF0dXJl","refreshToken":"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA","expiresIn":900,"tokenType":"Bearer","user":{"id":"0a000000-0000-7000-8000-000000000201","role":"practitioner","practiceId":"0a000000-0000-7000-8000-000000000001","profileId":"0a000000-0000-7000-8000-000000000101","clientId":null,"displayName":"Nora Berg"}}</example>
public sealed record AuthData(string AccessToken, string RefreshToken, long ExpiresIn, string TokenType, AuthUser User);

/// <summary>Who signed in.</summary>
/// <param name="Role">owner, practitioner, reception, client or admin.</param>
/// <param name="ProfileId">The practitioner's profile; null for who treats nobody.</param>
/// <param name="ClientId">The client's own record; null for who is none.</param>
/// <param name="DisplayName">The name to greet with.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000201","role":"practitioner","practiceId":"0a000000-0000-7000-8000-000000000001","profileId":"0a000000-0000-7000-8000-000000000101","clientId":null,"displayName":"Nora Berg"}</example>
public sealed record AuthUser(Guid Id, string Role, Guid PracticeId, Guid? ProfileId, Guid? ClientId, string DisplayName);

/// <summary>Nothing: what was asked for is done.</summary>
/// <example>{}</example>
public sealed record NoData;

/// <summary>The person or service that a token stands for.</summary>
/// <param name="Role">owner, practitioner, reception, client, admin or service.</param>
/// <param name="ProfileId">The practitioner's profile; null for who treats nobody.</param>
/// <param name="ClientId">The client's own record; null for who is none.</param>
/// <param name="CustomerId">The person's number in an outside billing system, when there is one.</param>
/// <param name="DisplayName">The name to greet with.</param>
/// <param name="Email">The address the person signs in with; null for a service.</param>
/// <example>{"id":"0a000000-0000-7000-8000-000000000201","role":"practitioner","practiceId":"0a000000-0000-7000-8000-000000000001","profileId":"0a000000-0000-7000-8000-000000000101","clientId":null,"customerId":null,"displayName":"Nora Berg","email":"nora.berg@harbourlane.example"}</example>
public sealed record MeResponse(
    Guid Id, string Role, Guid PracticeId, Guid? ProfileId, Guid? ClientId, string? CustomerId, string DisplayName, string? Email);

/// <summary>Users who may sign in.</summary>
/// <param name="Items">Of those who were asked for.</param>
public sealed record ActiveUserListResponse(IReadOnlyList<ActiveUserResponse> Items);

/// <summary>One user who may sign in.</summary>
/// <param name="UserId">As it was asked for.</param>
/// <param name="Role">Today's.</param>
/// <example>{"userId":"0a000000-0000-7000-8000-000000000201","role":"owner"}</example>
public sealed record ActiveUserResponse(Guid UserId, string Role);

[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(Envelope<AuthData>))]
[JsonSerializable(typeof(Envelope<NoData>))]
[JsonSerializable(typeof(Envelope<EnvelopeErrors>))]
[JsonSerializable(typeof(MeResponse))]
[JsonSerializable(typeof(ActiveUserListResponse))]
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
internal sealed partial class AuthJsonContext : JsonSerializerContext;
