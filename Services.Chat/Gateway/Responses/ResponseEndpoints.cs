using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Gateway.Responses.Storage;
using AiPlatform.Services.Chat.Models.Calls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiPlatform.Services.Chat.Gateway.Responses;

internal static class ResponseEndpoints
{
    public static async Task<IResult> CreateAsync(HttpContext context, GatewayCalls calls, ResponseTranslation translation)
    {
        await calls.ServeAsync(context, ModelCallKind.Responses, translation.ServeAsync);
        return Results.Empty;
    }

    public static async Task<JsonHttpResult<JsonObject>> GetAsync(string id, CurrentUser user, ResponseService responses, CancellationToken cancellationToken) =>
        Json(await responses.GetAsync(OwnerOf(user), id, cancellationToken));

    public static async Task<JsonHttpResult<JsonObject>> DeleteAsync(string id, CurrentUser user, ResponseService responses, CancellationToken cancellationToken)
    {
        await responses.DeleteAsync(OwnerOf(user), id, cancellationToken);
        return Json(new() { ["id"] = id, ["object"] = "response", ["deleted"] = true });
    }

    public static async Task<JsonHttpResult<JsonObject>> CancelAsync(string id, CurrentUser user, ResponseService responses, CancellationToken cancellationToken) =>
        Json(await responses.CancelAsync(OwnerOf(user), id, cancellationToken));

    private static ResponseOwner OwnerOf(CurrentUser user) => new(user.PracticeId, user.UserId);

    private static JsonHttpResult<JsonObject> Json(JsonObject body) => TypedResults.Json(body, ResponseJsonContext.Default.JsonObject);
}
