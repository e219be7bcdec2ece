using System.Globalization;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Api.Audit;
using AiPlatform.Services.Api.Practices;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AiPlatform.Services.Api.Identity;

/// <summary>The grants of /connect/token: a service token for a practice, and run tokens in exchange for the user's.</summary>
internal sealed partial class TokenService(
    ServiceCredentials services,
    TokenVerifier verifier,
    TokenIssuer issuer,
    IUserStore users,
    IPracticeStore practices,
    IAuditStore audit,
    IOptions<IdentityOptions> options,
    TimeProvider timeProvider,
    ILogger<TokenService> logger)
{
    public const string ClientCredentials = "client_credentials";
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    public async Task<TokenGrant> GrantAsync(IFormCollection form, CancellationToken cancellationToken)
    {
        if (form.Any(field => field.Value.Count > 1))
        {
            return TokenGrant.Refuse("invalid_request", "A parameter is given twice.");
        }

        if (services.Authenticate(form["client_id"], form["client_secret"]) is not { } serviceId)
        {
            return TokenGrant.Refuse("invalid_client", "The service's id or secret is wrong.");
        }

        return form["grant_type"].ToString() switch
        {
            ClientCredentials => await GrantServiceTokenAsync(serviceId, form, cancellationToken),
            TokenExchange => await GrantRunTokenAsync(serviceId, form, cancellationToken),
            "" => TokenGrant.Refuse("invalid_request", "grant_type is missing."),
            _ => TokenGrant.Refuse("unsupported_grant_type", "Only client_credentials and token-exchange are supported."),
        };
    }

    private async Task<TokenGrant> GrantServiceTokenAsync(Guid serviceId, IFormCollection form, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(form["practice_id"], out var practiceId)
            || await practices.FindAsync(practiceId, cancellationToken) is null)
        {
            return TokenGrant.Refuse("invalid_request", "practice_id names no practice.");
        }

        return TokenGrant.Give(await issuer.IssueServiceTokenAsync(serviceId, practiceId, cancellationToken), null);
    }

    private async Task<TokenGrant> GrantRunTokenAsync(Guid serviceId, IFormCollection form, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(form["run_id"], out var runId) || form["subject_token_type"] != AccessTokenType)
        {
            return TokenGrant.Refuse("invalid_request", "run_id must be a GUID and subject_token_type the one of access tokens.");
        }

        var subject = await verifier.VerifyAsync(form["subject_token"].ToString(), cancellationToken);
        if (subject is not { User: { } user, Principal: { } principal })
        {
            return TokenGrant.Refuse("invalid_grant", "The subject token is not valid.");
        }

        if (user.Role is UserRole.Service || (user.RunId is { } ownRun && ownRun != runId))
        {
            return TokenGrant.Refuse("invalid_grant", "The subject token cannot be exchanged for this run.");
        }

        if (ReadRunEnd(user.RunId is null ? form["run_end"] : principal.FindFirst(TokenClaims.RunEnd)?.Value) is not { } runEnd)
        {
            return TokenGrant.Refuse("invalid_request", "run_end must be unix seconds.");
        }

        if (user.RunId is not null && !StringValues.IsNullOrEmpty(form["run_end"]))
        {
            return TokenGrant.Refuse("invalid_request", "run_end is fixed by the first exchange of a run.");
        }

        // A user who lost access loses the running runs with the next renewal.
        if (runEnd <= timeProvider.GetUtcNow() || await users.FindAsync(user.PracticeId, user.UserId, cancellationToken) is null)
        {
            return TokenGrant.Refuse("invalid_grant", "The run has ended or the user may no longer sign in.");
        }

        // The first token of a run; its renewals every few minutes say nothing new.
        if (user.RunId is null)
        {
            var entry = AuditEntry.By(user, AuditActions.RunTokenIssued, AuditRecords.Run, runId, timeProvider.GetUtcNow());
            await audit.AppendAsync(user.PracticeId, [entry with { RecordedBy = serviceId }], cancellationToken);
        }

        LogExchanged(serviceId, runId, user.PracticeId);
        return TokenGrant.Give(await issuer.IssueRunTokenAsync(user, runId, runEnd, cancellationToken), AccessTokenType);
    }

    /// <returns>The run's end, no later than a run may last from now; null when it is not a time.</returns>
    private DateTimeOffset? ReadRunEnd(string? text)
    {
        var latest = timeProvider.GetUtcNow().AddHours(options.Value.RunHours);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, latest.ToUnixTimeSeconds()))
            : null;
    }

    [LoggerMessage(LogLevel.Debug, "Service {ServiceId} got a token for run {RunId} of practice {PracticeId}.")]
    private partial void LogExchanged(Guid serviceId, Guid runId, Guid practiceId);
}
