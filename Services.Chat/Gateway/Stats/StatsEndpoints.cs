using System.Text.Json.Serialization;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.Stats;

internal static class StatsEndpoints
{
    /// <summary>Counts of endpoints, none of callers. For who works at a practice, not for its clients.</summary>
    public static JsonHttpResult<StatsResponse> Read(CurrentUser user, RoutingStats stats) => user.Role == UserRole.Client
        ? throw new DomainException(DomainErrorKind.Forbidden, "auth.forbidden", "Statistics are not for clients.")
        : TypedResults.Json(stats.Read(), StatsJsonContext.Default.StatsResponse);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatsResponse))]
internal sealed partial class StatsJsonContext : JsonSerializerContext;
