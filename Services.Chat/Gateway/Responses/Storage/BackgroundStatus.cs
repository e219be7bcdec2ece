using System.Text.Json.Nodes;

namespace AiPlatform.Services.Chat.Gateway.Responses.Storage;

/// <summary>The status that holds, put over the one a response was stored with.</summary>
internal static class BackgroundStatus
{
    public static void Apply(JsonObject response, string status)
    {
        if (status == "interrupted")
        {
            response["status"] = "failed";
            response["error"] = new JsonObject { ["code"] = "server_error", ["message"] = "The service was interrupted while it worked on this response." };
        }
        else
        {
            response["status"] = status;
        }
    }
}
