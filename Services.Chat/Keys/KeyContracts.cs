using System.Text.Json.Serialization;

namespace AiPlatform.Services.Chat.Keys;

/// <summary>A key to be made.</summary>
/// <param name="Name">1 to 100 characters, for people.</param>
/// <param name="Scopes">Of chat, responses, embeddings and models; all of them when absent.</param>
/// <param name="Models">Names of model groups; all there are and will be when absent.</param>
/// <param name="RequestsPerMinute">No limit when absent, as the two after it.</param>
/// <param name="ExpiresAt">With its offset, in the future; absent for no end.</param>
internal sealed record CreateKeyRequest(
    string? Name, IReadOnlyList<string?>? Scopes, IReadOnlyList<string?>? Models, int? RequestsPerMinute, int? TokensPerMinute, int? Concurrency, DateTimeOffset? ExpiresAt);

/// <summary>Everything of a key that may change; what is absent is as in a new one.</summary>
internal sealed record ChangeKeyRequest(
    string? Name, IReadOnlyList<string?>? Scopes, IReadOnlyList<string?>? Models, int? RequestsPerMinute, int? TokensPerMinute, int? Concurrency, DateTimeOffset? ExpiresAt);

/// <summary>A new secret for a key.</summary>
/// <param name="GraceSeconds">How long the old one goes on, up to a day; it dies at once when absent.</param>
internal sealed record RotateKeyRequest(int? GraceSeconds);

/// <summary>A key, without its secret.</summary>
/// <param name="Hint">The beginning of its secret.</param>
/// <param name="UserId">Who made it, and for whom it acts.</param>
/// <param name="PreviousUntil">How long the secret before the last rotation goes on.</param>
internal sealed record KeyResponse(
    Guid Id, string Name, string Hint, Guid UserId, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Models, int? RequestsPerMinute, int? TokensPerMinute, int? Concurrency,
    DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt, DateTimeOffset? PreviousUntil, DateTimeOffset? RevokedAt)
{
    public static KeyResponse Of(VirtualKey key) => new(
        key.Id, key.Name, key.Hint, key.UserId, key.Scopes, key.Models, key.Limits.RequestsPerMinute, key.Limits.TokensPerMinute, key.Limits.Concurrency,
        key.ExpiresAt, key.CreatedAt, key.RotatedAt, key.PreviousUntil, key.RevokedAt);
}

/// <summary>A key with its secret, which is told this once.</summary>
/// <param name="Secret">Absent in the answer to a repeated request: nobody knows it any more.</param>
internal sealed record IssuedKeyResponse(KeyResponse Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret);

/// <summary>Keys of a practice, the newest first.</summary>
internal sealed record KeyListResponse(IReadOnlyList<KeyResponse> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? NextCursor);
