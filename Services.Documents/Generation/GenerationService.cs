using System.Security.Cryptography;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Documents.Storage;

namespace AiPlatform.Services.Documents.Generation;

/// <summary>Has each request carried out once, however often and from wherever it is sent with the same key.</summary>
internal sealed partial class GenerationService(
    DocumentGenerator generator, IIdempotencyStore keys, DocumentReader documents, TimeProvider timeProvider, ILogger<GenerationService> logger)
{
    // Longer than sources and draft may take together, so that a claim outlives its live claimant's work.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    public Task<GenerationResult> GenerateAsync(
        CurrentUser user, GenerateDocumentRequest request, string? key, CancellationToken cancellationToken) =>
        OnceAsync(
            user, key, Hash("generate", JsonSerializer.SerializeToUtf8Bytes(request, GenerationJsonContext.Default.GenerateDocumentRequest)),
            claim => generator.GenerateAsync(user, request, claim, cancellationToken), cancellationToken);

    public Task<GenerationResult> RefineAsync(
        CurrentUser user, Guid documentId, RefineDocumentRequest request, string? key, CancellationToken cancellationToken) =>
        OnceAsync(
            user, key, Hash($"refine {documentId}", JsonSerializer.SerializeToUtf8Bytes(request, GenerationJsonContext.Default.RefineDocumentRequest)),
            claim => generator.RefineAsync(user, documentId, request, claim, cancellationToken), cancellationToken);

    private async Task<GenerationResult> OnceAsync(
        CurrentUser user, string? key, string hash, Func<IdempotencyClaim?, Task<StoredDocument>> work, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return new(await work(null), Replayed: false);
        }

        var claimed = await ClaimAsync(user, key, hash, cancellationToken);
        if (claimed is { State: ClaimState.Done, DocumentId: { } id, Version: { } version })
        {
            return new(await documents.GetAsync(user, id, version, cancellationToken), Replayed: true);
        }

        try
        {
            return new(await work(claimed.Claim), Replayed: false);
        }
        catch
        {
            // Also when the caller went away: the claim must not block their next try.
            await ReleaseAsync(claimed.Claim!);
            throw;
        }
    }

    private async Task ReleaseAsync(IdempotencyClaim claim)
    {
        try
        {
            await keys.ReleaseAsync(claim, CancellationToken.None);
        }
        catch (DependencyUnavailableException exception)
        {
            // The caller hears of what went wrong first; the claim runs out by itself.
            LogNotReleased(exception);
        }
    }

    /// <summary>Waits for a request with the same key, as long as that may take, and then shares its document.</summary>
    private async Task<ClaimResult> ClaimAsync(CurrentUser user, string key, string hash, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        while (true)
        {
            var result = await keys.ClaimAsync(user.PracticeId, user.UserId, key, hash, Lease, cancellationToken);
            switch (result.State)
            {
                case ClaimState.Claimed or ClaimState.Done:
                    return result;
                case ClaimState.Reused:
                    throw new DomainException(DomainErrorKind.Conflict, "idempotency.key_reused", "This idempotency key came with another request.");
            }

            if (timeProvider.GetElapsedTime(started) > Lease)
            {
                throw new DomainException(DomainErrorKind.Conflict, "idempotency.in_progress", "The first request with this key is still being carried out.");
            }

            await Task.Delay(BetweenLooks, timeProvider, cancellationToken);
        }
    }

    private static string Hash(string operation, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(operation + "\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [LoggerMessage(LogLevel.Warning, "An idempotency claim could not be released and will run out.")]
    private partial void LogNotReleased(Exception exception);
}

/// <param name="Replayed">True when an earlier request with the key made it.</param>
internal sealed record GenerationResult(StoredDocument Document, bool Replayed);
