using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Identity;

internal static class AuthEndpoints
{
    private const long MaxBodyBytes = 16 * 1024;

    public static RouteGroupBuilder MapAuth(this RouteGroupBuilder group)
    {
        group.WithTags("Identity").AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        group.MapPost("/login", LoginAsync).WithName("Login");
        group.MapPost("/refresh", RefreshAsync).WithName("RefreshTokens");
        return group;
    }

    public static RouteGroupBuilder MapMe(this RouteGroupBuilder group)
    {
        group.WithTags("Identity");
        group.MapGet("/", GetMeAsync).WithName("GetMe");
        return group;
    }

    private static async Task<Ok<AuthResponse>> LoginAsync(
        LoginRequest request, SignInService signIn, TimeProvider timeProvider, HttpContext context, CancellationToken cancellationToken) =>
        Answer(
            await signIn.SignInAsync(request.Email, request.Password, cancellationToken),
            "Signed in.", timeProvider, context);

    private static async Task<Ok<AuthResponse>> RefreshAsync(
        RefreshRequest request, SignInService signIn, TimeProvider timeProvider, HttpContext context, CancellationToken cancellationToken) =>
        Answer(
            await signIn.RefreshAsync(request.RefreshToken, cancellationToken),
            "The tokens were renewed.", timeProvider, context);

    private static async Task<Ok<MeResponse>> GetMeAsync(CurrentUser user, IUserStore users, CancellationToken cancellationToken)
    {
        if (user.Role is UserRole.Service)
        {
            return TypedResults.Ok(ToResponse(user, "Service", null));
        }

        var stored = await users.FindAsync(user.PracticeId, user.UserId, cancellationToken)
            ?? throw new DomainException(DomainErrorKind.NotFound, "user.not_found", "There is no such user.");
        return TypedResults.Ok(ToResponse(user, stored.DisplayName, stored.Email));
    }

    private static MeResponse ToResponse(CurrentUser user, string displayName, string? email) =>
        new(user.UserId, user.Role.ToWire(), user.PracticeId, user.ProfileId, user.ClientId, user.CustomerId, displayName, email);

    private static Ok<AuthResponse> Answer(
        SignedIn signedIn, string message, TimeProvider timeProvider, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var user = signedIn.User;
        return TypedResults.Ok(new AuthResponse(
            Success: true,
            StatusCodes.Status200OK,
            message,
            new(
                signedIn.AccessToken.Value,
                signedIn.RefreshToken,
                signedIn.AccessToken.LifetimeSeconds,
                "Bearer",
                new(user.Id, user.Role.ToWire(), user.PracticeId, user.ProfileId, user.ClientId, user.DisplayName)),
            new(timeProvider.GetUtcNow())));
    }
}
