using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>An image that lies on our own disk. Only code of ours can name one: the gateway takes no file: addresses.</summary>
internal static class LocalImage
{
    private const long MaxBytes = 20 * 1024 * 1024;

    public static bool Is(AIContent content) => content is UriContent { Uri.IsFile: true } image && image.HasTopLevelMediaType("image");

    public static async Task<DataContent> ReadAsync(UriContent image, CancellationToken cancellationToken)
    {
        var file = new FileInfo(image.Uri.LocalPath);

        if (!file.Exists || file.Length > MaxBytes)
        {
            throw ProviderErrors.Untaken("an image that is missing or larger than 20 MB");
        }

        return new(await File.ReadAllBytesAsync(file.FullName, cancellationToken), image.MediaType)
        {
            AdditionalProperties = image.AdditionalProperties,
        };
    }
}
