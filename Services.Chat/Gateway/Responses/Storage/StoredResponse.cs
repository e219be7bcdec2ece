using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Services.Chat.Gateway.Responses.Storage;

/// <summary>Whose a response is. Part of its key, so another's id is no id.</summary>
internal sealed record ResponseOwner(Guid PracticeId, Guid UserId);

/// <param name="Response">As its caller saw it.</param>
/// <param name="Context">The items of the conversation up to its end, for who goes on from it.</param>
internal sealed record StoredResponse(JsonObject Response, JsonArray Context)
{
    public string Id => (string)Response["id"]!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject { ["response"] = Response.DeepClone(), ["context"] = Context.DeepClone() }, ResponseJsonContext.Default.JsonObject);

    public static StoredResponse Of(ReadOnlySpan<byte> bytes)
    {
        var stored = JsonNode.Parse(bytes)!.AsObject();
        var (response, context) = (stored["response"]!.AsObject(), stored["context"]!.AsArray());
        stored.Clear();
        return new(response, context);
    }
}
