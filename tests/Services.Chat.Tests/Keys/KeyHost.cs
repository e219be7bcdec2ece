using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Services.Chat.Tests.Keys;

/// <summary>The service, an owner who makes keys at it, and programs that call the gateway with them.</summary>
internal sealed class KeyHost(ChatHost chat, ShiftedTime clock) : IAsyncDisposable
{
    public ChatHost Chat { get; } = chat;

    public ShiftedTime Clock { get; } = clock;

    public TestToken Owner { get; } = new() { Role = UserRole.Owner };

    public static async Task<KeyHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var clock = new ShiftedTime();
        return new(
            await ChatHost.StartAsync(
                Scripts.Echo, settings.ToDictionary(pair => pair.Key, pair => pair.Value), services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock))),
            clock);
    }

    public HttpClient OwnerClient(ChatHost? replica = null) => (replica ?? Chat).CreateClient(Owner);

    /// <summary>A program that has this secret.</summary>
    public HttpClient Program(string secret, ChatHost? replica = null)
    {
        var client = (replica ?? Chat).CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        return client;
    }

    public async Task<IssuedKey> CreateAsync(object request, TestToken? maker = null)
    {
        using var client = Chat.CreateClient(maker ?? Owner);
        using var response = await SendAsync(client, HttpMethod.Post, "/api/v1/keys", request);
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new(body.GetProperty("key").GetProperty("id").GetGuid(), body.GetProperty("secret").GetString()!, response.Headers.ETag!.Tag);
    }

    /// <summary>With an Idempotency-Key of its own, unless it is given.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, object? body, string? ifMatch = null, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", idempotencyKey ?? $"{Guid.CreateVersion7()}");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> AskAsync(HttpClient program, string model = "local") =>
        program.PostAsJsonAsync("/v1/chat/completions", new { model, messages = new[] { new { role = "user", content = "Hello there" } } });

    public ValueTask DisposeAsync() => Chat.DisposeAsync();
}

internal sealed record IssuedKey(Guid Id, string Secret, string Tag);
