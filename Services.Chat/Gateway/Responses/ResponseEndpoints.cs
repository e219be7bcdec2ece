using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models.Caching;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.Responses;

internal static class ResponseEndpoints
{
    public static async Task<JsonHttpResult<JsonObject>> GetAsync(string id, CurrentUser user, ResponseService responses, CancellationToken cancellationToken) =>
        Json(await responses.GetAsync(ModelCaller.Of(user), id, cancellationToken));

    public static async Task<JsonHttpResult<JsonObject>> DeleteAsync(
        string id, CurrentUser user, ResponseService responses, CacheClearing clearing, CancellationToken cancellationToken)
    {
        var deleted = await responses.DeleteAsync(ModelCaller.Of(user), id, cancellationToken);

        // An identical request must not bring back what was deleted, and which one that was the cache does not know.
        await clearing.ClearAsync(user.PracticeId, user.UserId, model: null, cancellationToken);
        return Json(deleted);
    }

    public static async Task<JsonHttpResult<JsonObject>> CancelAsync(string id, CurrentUser user, ResponseService responses, CancellationToken cancellationToken) =>
        Json(await responses.CancelAsync(ModelCaller.Of(user), id, cancellationToken));

    private static JsonHttpResult<JsonObject> Json(JsonObject body) => TypedResults.Json(body, ResponseJsonContext.Default.JsonObject);
}
