using System.Text;

namespace AiPlatform.Services.Api.Tests;

internal static class JsonWrites
{
    /// <param name="key">The Idempotency-Key; null for none.</param>
    /// <param name="ifMatch">The If-Match; null for none.</param>
    public static Task<HttpResponseMessage> WriteAsync(
        this HttpClient client, HttpMethod method, string path, string json, string? key = null, string? ifMatch = null) =>
        client.WriteAsync(method, path, new StringContent(json, Encoding.UTF8, "application/json"), key, ifMatch);

    public static Task<HttpResponseMessage> WriteAsync(
        this HttpClient client, HttpMethod method, string path, HttpContent content, string? key = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return client.SendAsync(request);
    }
}
