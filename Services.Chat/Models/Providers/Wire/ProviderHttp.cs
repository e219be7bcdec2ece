using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AiPlatform.Services.Chat.Models.Providers.Wire;

/// <summary>JSON over HTTP to a server we have no SDK for, whole or as server-sent events. A refusal comes out as DomainException provider.*.</summary>
/// <param name="authorise">Puts the key where this server looks for it.</param>
/// <param name="refusal">Reads this server's error envelope.</param>
internal sealed class ProviderHttp(HttpClient http, Action<HttpRequestMessage> authorise, Func<JsonElement, Refusal> refusal)
{
    public async Task<JsonElement> PostAsync(Uri url, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(url, body, "application/json", cancellationToken);
        return PortableJson.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>The data of each event; "[DONE]" and empty ones are not among them.</summary>
    public async IAsyncEnumerable<JsonElement> StreamAsync(Uri url, ReadOnlyMemory<byte> body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(url, body, "text/event-stream", cancellationToken);

        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            throw ProviderErrors.Unreadable();
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.Data is { Length: > 0 } data && data != "[DONE]")
            {
                yield return PortableJson.Parse(data);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, ReadOnlyMemory<byte> body, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Accept.ParseAdd(accept);
        authorise(request);

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await Refusals.ReadAsync(response, refusal, cancellationToken);
        }
    }
}
