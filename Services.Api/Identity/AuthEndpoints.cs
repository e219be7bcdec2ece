using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Api.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Services.Api.Identity;

internal static class AuthEndpoints
{
    private const long MaxBodyBytes = 16 * 1024;

    public static RouteGroupBuilder MapAuth(this RouteGroupBuilder group)
    {
        group.WithTags("Identity").WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        group.MapPost("/login", LoginAsync).WithName("Login").AllowAnonymous()
            .WithProblems(400, "text.required", "text.too_long")
            .WithProblems(401, "auth.invalid_credentials")
            .WithProblems(429, "auth.too_many_attempts");
        group.MapPost("/refresh", RefreshAsync).WithName("RefreshTokens").AllowAnonymous()
            .WithProblems(400, "text.required", "text.too_long")
            .WithProblems(401, "auth.invalid_refresh_token");
        group.MapPost("/logout", LogoutAsync).WithName("Logout")
            .WithProblems(403, "auth.not_signed_in")
            .WithProblems(503, "redis.unavailable");
        return group;
    }

    public static RouteGroupBuilder MapMe(this RouteGroupBuilder group)
    {
        group.WithTags("Identity");
        group.MapGet("/", GetMeAsync).WithName("GetMe").WithProblems(404, "user.not_found");
        return group;
    }

    /// <summary>Signs a person in.</summary>
    /// <remarks>After too many wrong passwords an address has to wait, whether anybody is known by it or not.</remarks>
    internal static async Task<Ok<Envelope<AuthData>>> LoginAsync(
        JsonBody<LoginRequest> body, SignInService signIn, AuthEnvelope envelope, HttpContext context, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync(cancellationToken);
        var faults = new Faults("request.invalid");
        var email = faults.Verbatim("email", request.Email, 254);
        var password = faults.Verbatim("password", request.Password, 256);
        faults.Throw();
        return Answer(await signIn.SignInAsync(email, password, cancellationToken), "Signed in.", envelope, context);
    }

    /// <summary>Trades a refresh token for the next pair of tokens.</summary>
    /// <remarks>A refresh token works once. Shown twice, it ends the whole family that came from its sign-in: one of the two is a thief.</remarks>
    internal static async Task<Ok<Envelope<AuthData>>> RefreshAsync(
        JsonBody<RefreshRequest> body, SignInService signIn, AuthEnvelope envelope, HttpContext context, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync(cancellationToken);
        var faults = new Faults("request.invalid");
        var refreshToken = faults.Verbatim("refreshToken", request.RefreshToken, 256);
        faults.Throw();
        return Answer(await signIn.RefreshAsync(refreshToken, cancellationToken), "The tokens were renewed.", envelope, context);
    }

    /// <summary>Ends the sign-in that the token comes from.</summary>
    /// <remarks>
    /// Its refresh token is worth nothing any more and its sockets are closed; runs that were asked for go on to their end. An access token
    /// that was read from it still opens other routes until it expires. Other sign-ins of the same person go on. May be repeated, as after a 503.
    /// </remarks>
    internal static async Task<Ok<Envelope<NoData>>> LogoutAsync(
        SignInService signIn, CurrentUser user, AuthEnvelope envelope, HttpContext context, CancellationToken cancellationToken)
    {
        await signIn.SignOutAsync(user, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return envelope.Ok("Signed out.", new NoData());
    }

    /// <summary>Tells whom the token stands for.</summary>
    internal static async Task<Ok<MeResponse>> GetMeAsync(CurrentUser user, IUserStore users, CancellationToken cancellationToken)
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

    private static Ok<Envelope<AuthData>> Answer(SignedIn signedIn, string message, AuthEnvelope envelope, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var user = signedIn.User;
        return envelope.Ok(message, new AuthData(
            signedIn.AccessToken.Value,
            signedIn.RefreshToken,
            signedIn.AccessToken.LifetimeSeconds,
            "Bearer",
            new(user.Id, user.Role.ToWire(), user.PracticeId, user.ProfileId, user.ClientId, user.DisplayName)));
    }
}
