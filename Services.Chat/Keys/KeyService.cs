using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.ServiceDefaults.Writes;
using AiPlatform.Services.Chat.Audit;
using AiPlatform.Services.Chat.Keys.Authentication;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>Keys from being made to being revoked. Each change is told to every replica before it is answered.</summary>
internal sealed partial class KeyService(IKeyStore store, KeyChanges changes, ModelCatalogue catalogue, TimeProvider timeProvider, ILogger<KeyService> logger)
{
    /// <returns>The secret is null when the key was made by an earlier call with the same Idempotency-Key.</returns>
    public async Task<(VirtualKey Key, string? Secret)> CreateAsync(CurrentUser user, CreateKeyRequest request, WriteKey writeKey, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var terms = KeyRules.Check(
            new(request.Name, request.Scopes, request.Models, request.RequestsPerMinute, request.TokensPerMinute, request.Concurrency, request.ExpiresAt), catalogue.Current, held: null, now);
        var secret = KeySecret.Create();
        var key = With(
            new()
            {
                Id = Guid.CreateVersion7(now),
                PracticeId = user.PracticeId,
                UserId = user.UserId,
                Role = user.Role,
                Name = terms.Name,
                Hint = secret.Hint,
                SecretHash = secret.Hash,
                Scopes = terms.Scopes,
                CreatedAt = now,
            },
            terms);
        var (id, created) = await store.AddAsync(user.PracticeId, writeKey, key, Audited(user, AuditActions.KeyCreated, key.Id, now), cancellationToken);

        if (!created)
        {
            return (await GetAsync(user.PracticeId, id, cancellationToken), null);
        }

        LogCreated(id, user.UserId);
        return (await GetAsync(user.PracticeId, id, cancellationToken), secret.Text);
    }

    /// <exception cref="DomainException">key.not_found</exception>
    public async Task<VirtualKey> GetAsync(Guid practiceId, Guid id, CancellationToken cancellationToken) =>
        await store.FindAsync(practiceId, id, cancellationToken) ?? throw KeyRules.NotFound();

    public async Task<VirtualKey> ChangeAsync(CurrentUser user, Guid id, ChangeKeyRequest request, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var changed = await ChangeAsync(
            user.PracticeId,
            id,
            key => With(Current(key, ifMatch), KeyRules.Check(request, catalogue.Current, key.ExpiresAt, now)),
            Audited(user, AuditActions.KeyChanged, id, now),
            cancellationToken);
        LogChanged(id, user.UserId);
        return changed;
    }

    /// <summary>Gives the key a new secret. The old one goes on for <paramref name="grace"/>; the one before that is over in any case.</summary>
    public async Task<(VirtualKey Key, string Secret)> RotateAsync(CurrentUser user, Guid id, TimeSpan grace, IfMatch ifMatch, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var secret = KeySecret.Create();
        var rotated = await ChangeAsync(
            user.PracticeId,
            id,
            key => Current(key, ifMatch) with
            {
                Hint = secret.Hint,
                SecretHash = secret.Hash,
                PreviousHash = grace > TimeSpan.Zero ? key.SecretHash : null,
                PreviousUntil = grace > TimeSpan.Zero ? now + grace : null,
                RotatedAt = now,
            },
            Audited(user, AuditActions.KeyRotated, id, now),
            cancellationToken);
        LogRotated(id, user.UserId);
        return (rotated, secret.Text);
    }

    /// <summary>For good, whatever version the key has. Revoking it again changes nothing.</summary>
    public async Task RevokeAsync(CurrentUser user, Guid id, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        await ChangeAsync(
            user.PracticeId,
            id,
            key => Revoked(key, now),
            Audited(user, AuditActions.KeyRevoked, id, now),
            cancellationToken);
        LogRevoked(id, user.UserId);
    }

    /// <summary>Revokes every key of somebody who may not have any, any more.</summary>
    public async Task RevokeAllAsync(KeyMaker maker, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();

        foreach (var id in await store.ListOfMakerAsync(maker.PracticeId, maker.UserId, cancellationToken))
        {
            await ChangeAsync(maker.PracticeId, id, key => Revoked(key, now), AuditEvent.BySystem(AuditActions.KeyRevoked, AuditRecords.Key, id.ToString(), now), cancellationToken);
            LogOrphaned(id, maker.UserId);
        }
    }

    private async Task<VirtualKey> ChangeAsync(Guid practiceId, Guid id, Func<VirtualKey, VirtualKey> change, AuditEvent audited, CancellationToken cancellationToken)
    {
        var changed = await store.ChangeAsync(practiceId, id, change, audited, cancellationToken) ?? throw KeyRules.NotFound();
        await changes.TellAsync(new(id, changed.Version));
        return changed;
    }

    private static AuditEvent Audited(CurrentUser user, string action, Guid keyId, DateTimeOffset now) =>
        AuditEvent.By(user, action, AuditRecords.Key, keyId.ToString(), now);

    private static VirtualKey Revoked(VirtualKey key, DateTimeOffset now) =>
        key.RevokedAt is null ? key with { RevokedAt = now, PreviousHash = null, PreviousUntil = null } : key;

    private static VirtualKey Current(VirtualKey key, IfMatch ifMatch)
    {
        ifMatch.Ensure(key.Version);
        return key.RevokedAt is null ? key : throw KeyRules.Revoked();
    }

    private static VirtualKey With(VirtualKey key, KeyTerms terms) => key with
    {
        Name = terms.Name,
        Scopes = terms.Scopes,
        Models = terms.Models,
        Limits = terms.Limits,
        ExpiresAt = terms.ExpiresAt,
    };

    [LoggerMessage(LogLevel.Information, "Key {KeyId} was created by {UserId}.")]
    private partial void LogCreated(Guid keyId, Guid userId);

    [LoggerMessage(LogLevel.Information, "Key {KeyId} was changed by {UserId}.")]
    private partial void LogChanged(Guid keyId, Guid userId);

    [LoggerMessage(LogLevel.Information, "Key {KeyId} was rotated by {UserId}.")]
    private partial void LogRotated(Guid keyId, Guid userId);

    [LoggerMessage(LogLevel.Information, "Key {KeyId} was revoked by {UserId}.")]
    private partial void LogRevoked(Guid keyId, Guid userId);

    [LoggerMessage(LogLevel.Warning, "Key {KeyId} was revoked: {UserId}, who made it, leads the practice no longer.")]
    private partial void LogOrphaned(Guid keyId, Guid userId);
}
