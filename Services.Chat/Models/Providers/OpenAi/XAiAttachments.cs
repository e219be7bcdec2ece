using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Services.Chat.Models.Forwarding;
using AiPlatform.Services.Chat.Models.Providers.Wire;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Models.Providers.OpenAi;

/// <summary>
/// xAI takes no files within a message: they are uploaded first and named by id. The same bytes are uploaded once, however often the
/// conversation is sent. Images that lie on our own disk become part of the message.
/// </summary>
internal sealed class XAiAttachments(ModelEndpoint endpoint, HttpClient http)
{
    private const int Remembered = 1000;

    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _uploads = new(StringComparer.Ordinal);
    private readonly Uri _url = new($"{endpoint.BaseUrl!.AbsoluteUri.TrimEnd('/')}/files");

    public async ValueTask<IReadOnlyList<ChatMessage>> PlaceAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var placed = new List<ChatMessage>(messages.Count);

        foreach (var message in messages)
        {
            if (!message.Contents.Any(content => IsFile(content) || LocalImage.Is(content)))
            {
                placed.Add(message);
                continue;
            }

            var contents = new List<AIContent>();

            foreach (var content in message.Contents)
            {
                contents.Add(content switch
                {
                    DataContent file when IsFile(file) => new HostedFileContent(await UploadOnceAsync(file, cancellationToken)),
                    UriContent image when LocalImage.Is(image) => await LocalImage.ReadAsync(image, cancellationToken),
                    _ => content,
                });
            }

            placed.Add(new(message.Role, contents) { AuthorName = message.AuthorName });
        }

        return placed;
    }

    private static bool IsFile(AIContent content) =>
        content is DataContent data && !data.HasTopLevelMediaType("image") && !data.HasTopLevelMediaType("audio");

    private async Task<string> UploadOnceAsync(DataContent file, CancellationToken cancellationToken)
    {
        var key = $"{Convert.ToHexString(SHA256.HashData(file.Data.Span))}:{file.MediaType}:{file.Name}";

        if (_uploads.Count >= Remembered)
        {
            // What is forgotten is uploaded again, which costs a call and nothing else.
            _uploads.Clear();
        }

        var upload = _uploads.GetOrAdd(key, _ => new(() => UploadAsync(file)));

        try
        {
            return await upload.Value.WaitAsync(cancellationToken);
        }
        catch when (upload.Value is { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            _uploads.TryRemove(new(key, upload));
            throw;
        }
    }

    // Not with the token of the call that happened to be first: others wait for the same upload.
    private async Task<string> UploadAsync(DataContent file)
    {
        using var limit = new CancellationTokenSource(endpoint.Timeouts.Total);
        using var bytes = new ReadOnlyMemoryContent(file.Data);
        bytes.Headers.ContentType = new(file.MediaType);
        using var form = new MultipartFormDataContent { { new StringContent("assistants"), "purpose" }, { bytes, "file", file.Name ?? "file" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = form };
        EndpointAddress.Of(endpoint).Authorize(request);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);

        if (!response.IsSuccessStatusCode)
        {
            throw await Refusals.ReadAsync(response, static body => new(Refusals.OpenAiCode(body)), limit.Token);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: limit.Token);
        return document.RootElement.Text("id") ?? throw ProviderErrors.Unreadable();
    }
}
