using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

/// <summary>How services and readers talk to a dashboard.</summary>
internal static class DashboardClientExtensions
{
    /// <param name="signal">traces, logs or metrics.</param>
    public static async Task<HttpResponseMessage> PostAsync(this DashboardHost host, string signal, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        // Who expects to be told to go on waits for that word, however long a busy server takes.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = host.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/{signal}", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-protobuf");
        request.Headers.Add("x-otlp-api-key", host.OtlpKey);
        change?.Invoke(request);
        return await client.SendAsync(request, TestHosts.InTime());
    }

    /// <summary>All of it must be taken.</summary>
    public static async Task SendAsync(this DashboardHost host, string signal, byte[] request)
    {
        using var response = await host.PostAsync(signal, request);
        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length));
    }

    public static async Task<JsonNode> ReadAsync(this DashboardHost host, string path)
    {
        using var browser = await host.LogInAsync();
        return (await browser.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative), TestHosts.InTime()))!;
    }

    public static async Task<HttpStatusCode> StatusAsync(this DashboardHost host, string path)
    {
        using var browser = await host.LogInAsync();
        using var response = await browser.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestHosts.InTime());
        Assert.True(response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType == "application/problem+json");
        return response.StatusCode;
    }
}
