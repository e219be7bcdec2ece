using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Catalogue;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;

namespace AiPlatform.Services.Chat.Tests.Models.Providers;

/// <summary>Replies that are not quite as their provider's own servers write them, as from a proxy in front of it.</summary>
public sealed class RawReplyTests : IDisposable
{
    private readonly ModelConnections _connections = new();

    public void Dispose() => _connections.Dispose();

    [Theory]
    [InlineData(ModelProvider.OpenAi)]
    [InlineData(ModelProvider.Anthropic)]
    [InlineData(ModelProvider.Gemini)]
    public async Task Call_RefusedWithoutABody_HasItsCodeAndTheWait(string provider)
    {
        await using var server = RawModelServer.Start(static exchange => exchange.SendAsync(
            "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));

        var failure = await Assert.ThrowsAsync<DomainException>(() => Client(server, provider).GetResponseAsync("Hi"));

        Assert.Equal(("provider.rate_limited", TimeSpan.FromSeconds(7)), (failure.Code, failure.RetryAfter));
    }

    [Theory]
    [InlineData("application/json; charset=utf8", "")]
    [InlineData("application/json", "\uFEFF")]
    public async Task Call_AnsweredInUtf8ByAnotherName_IsRead(string contentType, string before)
    {
        await using var server = RawModelServer.Start(exchange => exchange.SendAsync(
            $$"""HTTP/1.1 200 OK{{"\r\n"}}Content-Type: {{contentType}}{{"\r\n"}}Connection: close{{"\r\n\r\n"}}{{before}}{"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße"}]},"finishReason":"STOP"}]}"""));

        Assert.Equal("Grüße", (await Client(server, ModelProvider.Gemini).GetResponseAsync("Hi")).Text);
    }

    private IChatClient Client(RawModelServer server, string provider) => ProviderBench.ClientOf(_connections, new()
    {
        Id = "raw",
        Name = "raw",
        Provider = provider,
        BaseUrl = new(server.BaseUrl),
        Key = new("secret-key"),
        ModelId = "test-model",
    });
}
