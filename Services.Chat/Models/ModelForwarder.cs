using System.Net;
using System.Net.Http.Headers;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models.Catalogue;

namespace AiPlatform.Services.Chat.Models;

/// <summary>Sends a request to an endpoint byte for byte and hands its reply on the same way.</summary>
internal sealed class ModelForwarder(ModelConnections connections)
{
    /// <exception cref="DomainException">provider.* when there is no reply that the caller should see as it is.</exception>
    public async Task<ForwardedReply> SendAsync(
        ModelEndpoint endpoint, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        try
        {
            limit.CancelAfter(endpoint.Timeouts.Total);

            using var request = new HttpRequestMessage(HttpMethod.Post, $"{endpoint.BaseUrl!.AbsoluteUri.TrimEnd('/')}/{path}") { Content = new ReadOnlyMemoryContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Authorization = endpoint.Key is { } key ? new AuthenticationHeaderValue("Bearer", key.Reveal()) : null;

            var response = await connections.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);

            if (IsForCaller(response.StatusCode))
            {
                return new(response, limit, cancellationToken);
            }

            using (response)
            {
                throw ProviderErrors.Of((int)response.StatusCode, code: null);
            }
        }
        catch (Exception exception)
        {
            limit.Dispose();

            if (ProviderErrors.Translate(exception, cancellationToken) is { } failure)
            {
                throw failure;
            }

            throw;
        }
    }

    // What the caller did wrong, in the server's own words. Its view of our key, our address or its own faults is not the caller's.
    private static bool IsForCaller(HttpStatusCode status) =>
        (int)status < 300 || status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity or HttpStatusCode.TooManyRequests;
}
