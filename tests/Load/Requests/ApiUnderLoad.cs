using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.Load.Seeding;
using AiPlatform.Tests.Common;

namespace AiPlatform.Load.Requests;

/// <summary>Services.Api as a process of its own on the seeded practice, and people of that practice who are signed in.</summary>
internal sealed class ApiUnderLoad : IAsyncDisposable
{
    private readonly RedisServer _redis;
    private readonly ServiceProcess _process;
    private readonly HttpClient _client;

    private ApiUnderLoad(RedisServer redis, ServiceProcess process)
    {
        _redis = redis;
        _process = process;
        _client = NewClient(process.Url);
    }

    public int ProcessId => _process.ProcessId;

    public static async Task<ApiUnderLoad> StartAsync(SeededServer server, CancellationToken cancellationToken)
    {
        var redis = await RedisServer.StartAsync(cancellationToken);
        var process = await ServiceProcess.StartAsync(
            "Services.Api",
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings:practicedb"] = server.ConnectionString,
                ["ConnectionStrings:redis"] = redis.ConnectionString,
                ["Auth:AccessTokenMinutes"] = "60",
            },
            cancellationToken);
        return new(redis, process);
    }

    public static HttpClient NewClient(Uri url) => new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = url };

    /// <returns>Whose calls it makes and how: <c>practitioner</c> 3, <c>owner</c> 0.</returns>
    public async Task<Caller> SignInAsync(SeedPractice practice, string person, int number, CancellationToken cancellationToken)
    {
        using var answer = await _client.PostAsJsonAsync(
            "/api/v1/auth/login", new { email = SeedPractice.EmailOf(person, number, practice.Number), password = SeedPractice.Password }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new(_client, body.GetProperty("data").GetProperty("accessToken").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _redis.DisposeAsync();
    }
}

/// <summary>Somebody who calls; without a token nobody in particular.</summary>
internal sealed record Caller(HttpClient Client, string? Token)
{
    /// <inheritdoc cref="GetAsync"/>
    public async Task<byte[]> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        return await SendAsync(request, cancellationToken);
    }

    /// <returns>The body.</returns>
    /// <exception cref="HttpRequestException">Another answer than 2xx: then nothing was measured.</exception>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, cancellationToken);
    }

    public async Task<byte[]> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = Token is null ? null : new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await Client.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? body
            : throw new HttpRequestException($"{request.RequestUri} answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
    }
}
