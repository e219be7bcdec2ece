using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Gateway.Requests;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.Caching;

internal static partial class CacheEndpoints
{
    private const int LongestModel = 200;

    /// <summary>Takes replies of the caller's practice out of the cache: all, or those that calls of one user got, or those of one model. For who leads the practice.</summary>
    public static async Task<JsonHttpResult<CacheClearedResponse>> ClearAsync(
        string? user, string? model, CurrentUser caller, CacheClearing clearing, ModelCatalogue catalogue, ILogger<CacheClearing> logger, CancellationToken cancellationToken)
    {
        if (caller.Role is not (UserRole.Owner or UserRole.Admin))
        {
            throw new DomainException(DomainErrorKind.Forbidden, "auth.forbidden", "The cache is cleared by who leads the practice.");
        }

        var removed = await clearing.ClearAsync(caller.PracticeId, UserOf(user), ModelOf(model, catalogue), cancellationToken);
        LogCleared(logger, removed, caller.PracticeId, caller.UserId);
        return TypedResults.Json(new CacheClearedResponse(removed), CacheJsonContext.Default.CacheClearedResponse);
    }

    private static Guid? UserOf(string? user) => user is null ? null
        : Guid.TryParse(user, out var id) ? id : throw InvalidRequest.Value("user", "user is the id of a user.");

    // A model that the catalogue has no longer may still have replies kept.
    private static string? ModelOf(string? model, ModelCatalogue catalogue) => model is null ? null
        : model.Length is 0 or > LongestModel ? throw InvalidRequest.Value("model", "model is the name of a model.")
        : catalogue.Current.Groups.FirstOrDefault(group => Answers(group, model))?.Name ?? model;

    private static bool Answers(ModelGroup group, string name) =>
        string.Equals(group.Name, name, StringComparison.OrdinalIgnoreCase) || group.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(LogLevel.Information, "Cleared {Count} cached replies of practice {PracticeId} for user {UserId}.")]
    private static partial void LogCleared(ILogger logger, long count, Guid practiceId, Guid userId);
}

/// <param name="Removed">How many replies there were.</param>
internal sealed record CacheClearedResponse(long Removed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CacheClearedResponse))]
internal sealed partial class CacheJsonContext : JsonSerializerContext;
