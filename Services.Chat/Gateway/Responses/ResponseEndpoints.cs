using System.Text.Json.Nodes;
using AiPlatform.ServiceDefaults.Security;
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
        Json(await responses.GetAsync(ModelCaller.Of(user), id, cancellationToken));

    public static async Task<JsonHttpResult<JsonObject>> DeleteAsync(string id, CurrentUser user, ResponseService responses, CancellationToken cancellationToken) =>
        Json(await responses.DeleteAsync(ModelCaller.Of(user), id, cancellationToken));

    public static async Task<JsonHttpResult<JsonObject>> CancelAsync(string id, CurrentUser user, ResponseService responses, CancellationToken cancellationToken) =>
        Json(await responses.CancelAsync(ModelCaller.Of(user), id, cancellationToken));

    private static JsonHttpResult<JsonObject> Json(JsonObject body) => TypedResults.Json(body, ResponseJsonContext.Default.JsonObject);
}
