using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>What a user's message holds: a text, or parts when there is more than text.</summary>
internal static class OpenAiParts
{
    public static JsonNode? Of(IList<AIContent> contents) => contents switch
    {
        [] => "",
        [TextContent text] => text.Text,
        _ => new JsonArray([.. contents.Select(ToPart)]),
    };

    /// <summary>How closely an image is to be looked at (low, high, auto), where a caller said so.</summary>
    public static string? DetailOf(AIContent content) => content.AdditionalProperties?.GetValueOrDefault("detail") as string;

    private static JsonNode ToPart(AIContent content) => content switch
    {
        TextContent text => new JsonObject { ["type"] = "text", ["text"] = text.Text },
        UriContent image when image.HasTopLevelMediaType("image") => Image(image.Uri.AbsoluteUri, image),
        DataContent image when image.HasTopLevelMediaType("image") => Image(image.Uri, image),
        DataContent { MediaType: "audio/wav" or "audio/x-wav" } audio => Audio(audio, "wav"),
        DataContent { MediaType: "audio/mpeg" or "audio/mp3" } audio => Audio(audio, "mp3"),
        DataContent file when !file.HasTopLevelMediaType("audio") => new JsonObject
        {
            ["type"] = "file",
            ["file"] = new JsonObject { ["filename"] = file.Name ?? "file", ["file_data"] = file.Uri },
        },
        HostedFileContent file => new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["file_id"] = file.FileId } },
        DataContent or UriContent => throw ProviderErrors.Untaken(((content as DataContent)?.MediaType ?? ((UriContent)content).MediaType)),
        _ => throw ProviderErrors.Untaken(content.GetType().Name),
    };

    // {"type":"image_url","image_url":{"url":"https://...","detail":"low"}}
    private static JsonObject Image(string url, AIContent content)
    {
        var image = new JsonObject { ["url"] = url };

        if (DetailOf(content) is { } detail)
        {
            image["detail"] = detail;
        }

        return new() { ["type"] = "image_url", ["image_url"] = image };
    }

    private static JsonObject Audio(DataContent audio, string format) => new()
    {
        ["type"] = "input_audio",
        ["input_audio"] = new JsonObject { ["data"] = audio.Base64Data.ToString(), ["format"] = format },
    };
}
