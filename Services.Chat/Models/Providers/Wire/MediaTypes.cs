using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

internal static class MediaTypes
{
    /// <summary>The type a content says it has; where it says only "image/*", what the address ends in.</summary>
    public static string Of(UriContent content) => content.MediaType != "image/*" ? content.MediaType
        : Path.GetExtension(content.Uri.AbsolutePath).ToUpperInvariant() switch
        {
            ".PNG" => "image/png",
            ".WEBP" => "image/webp",
            ".GIF" => "image/gif",
            ".HEIC" => "image/heic",
            _ => "image/jpeg",
        };
}
