using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Api.Identity;

/// <summary>Writes the platform's JWTs: ES256, one signing key, the claims that <see cref="CurrentUser"/> reads.</summary>
internal sealed class TokenIssuer(SigningKeyRing keys, IOptions<AuthOptions> auth, IOptions<IdentityOptions> options, TimeProvider timeProvider)
{
    public Task<IssuedToken> IssueAccessTokenAsync(User user, Guid signInId, CancellationToken cancellationToken) =>
        IssueAsync(ToCurrentUser(user) with { SignInId = signInId }, options.Value.AccessTokenLifetime, null, cancellationToken);

    public Task<IssuedToken> IssueServiceTokenAsync(Guid serviceId, Guid practiceId, CancellationToken cancellationToken) =>
        IssueAsync(
            new CurrentUser(serviceId, UserRole.Service, practiceId, null, null, null),
            options.Value.ServiceTokenLifetime,
            null,
            cancellationToken);

    /// <summary>A token for one run of the user, which dies with the run at the latest.</summary>
    public Task<IssuedToken> IssueRunTokenAsync(CurrentUser user, Guid runId, DateTimeOffset runEnd, CancellationToken cancellationToken)
    {
        var untilEnd = runEnd - timeProvider.GetUtcNow();
        var lifetime = untilEnd < options.Value.RunTokenLifetime ? untilEnd : options.Value.RunTokenLifetime;
        return IssueAsync(user with { RunId = runId, SignInId = null }, lifetime, runEnd, cancellationToken);
    }

    private static CurrentUser ToCurrentUser(User user) =>
        new(user.Id, user.Role, user.PracticeId, user.ProfileId, user.ClientId, user.CustomerId);

    private async Task<IssuedToken> IssueAsync(
        CurrentUser user, TimeSpan lifetime, DateTimeOffset? runEnd, CancellationToken cancellationToken)
    {
        var key = await keys.GetActiveAsync(cancellationToken);
        var now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        var lifetimeSeconds = (long)lifetime.TotalSeconds;

        // {"alg":"ES256","typ":"JWT","kid":"..."}.{"iss":"https://aiplatform.local","sub":"...",...}
        var header = Write(writer =>
        {
            writer.WriteString("alg", "ES256");
            writer.WriteString("typ", "JWT");
            writer.WriteString("kid", key.Kid);
        });
        var payload = Write(writer =>
        {
            writer.WriteString("iss", auth.Value.Issuer);
            writer.WriteString("aud", auth.Value.Audience);
            writer.WriteNumber("iat", now);
            writer.WriteNumber("nbf", now);
            writer.WriteNumber("exp", now + lifetimeSeconds);
            writer.WriteString("jti", Guid.CreateVersion7());
            WriteUser(writer, user, runEnd);
        });

        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return new($"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}", lifetimeSeconds);
    }

    private static void WriteUser(Utf8JsonWriter writer, CurrentUser user, DateTimeOffset? runEnd)
    {
        writer.WriteString(TokenClaims.Subject, user.UserId);
        writer.WriteString(TokenClaims.Role, user.Role.ToWire());
        writer.WriteString(TokenClaims.PracticeId, user.PracticeId);
        WriteOptional(writer, TokenClaims.ProfileId, user.ProfileId?.ToString());
        WriteOptional(writer, TokenClaims.ClientId, user.ClientId?.ToString());
        WriteOptional(writer, TokenClaims.CustomerId, user.CustomerId);
        WriteOptional(writer, TokenClaims.SignInId, user.SignInId?.ToString());
        WriteOptional(writer, TokenClaims.RunId, user.RunId?.ToString());
        if (runEnd is { } end)
        {
            writer.WriteNumber(TokenClaims.RunEnd, end.ToUnixTimeSeconds());
        }
    }

    private static void WriteOptional(Utf8JsonWriter writer, string claim, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(claim, value);
        }
    }

    private static ReadOnlySpan<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
