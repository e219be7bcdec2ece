using System.Net.Http.Headers;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace AiPlatform.Distributed.Tests.Gateway;

/// <summary>The whole graph with three model servers behind its gateway: two that share the work, and one for when they fail.</summary>
public sealed class GatewayGraph : IAsyncLifetime
{
    public const string Model = "balanced";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly string _catalogue = Path.Combine(Path.GetTempPath(), $"models-{Guid.CreateVersion7():N}.yaml");
    private readonly List<ModelServer> _servers = [];
    private DistributedApplication? _app;
    private string? _token;

    /// <summary>Weights 2, 1 and 0.</summary>
    public IReadOnlyList<ModelServer> Servers => _servers;

    public async Task InitializeAsync()
    {
        for (var index = 0; index < 3; index++)
        {
            _servers.Add(await ModelServer.StartAsync("upstream-key"));
        }

        await File.WriteAllTextAsync(_catalogue, $$"""
            groups:
              - name: {{Model}}
                aliases: [default]
                endpoints:
                  - { name: first, base_url: "{{_servers[0].BaseUrl}}", key: upstream-key, model: fake-model, weight: 2 }
                  - { name: second, base_url: "{{_servers[1].BaseUrl}}", key: upstream-key, model: fake-model, weight: 1 }
                  - { name: spare, base_url: "{{_servers[2].BaseUrl}}", key: upstream-key, model: fake-model, weight: 0 }
            """);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([$"--MODELS_CONFIG={_catalogue}"]);
        _app = await builder.BuildAsync();
        using var bound = new CancellationTokenSource(StartTimeout);
        await _app.StartAsync(bound.Token);
        foreach (var name in (string[])["api", "chat", "documents"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(name, bound.Token);
        }

        _token = await SampleSignIn.TokenAsync(_app);
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        File.Delete(_catalogue);
    }

    /// <summary>Every server answers each request by repeating its message.</summary>
    public void EchoEverywhere()
    {
        foreach (var server in _servers)
        {
            server.Respond = request => ModelReply.Text($"You said {request.Messages[^1].GetProperty("content").GetString()}");
        }
    }

    public Task<ChatSocket> ConnectAsync(string sessionId) => ChatSocket.ConnectAsync(new(_app!.GetEndpoint("chat", "http"), $"/ws/{sessionId}"), _token!);

    /// <summary>Of a practitioner.</summary>
    public HttpClient Client(string resource = "chat")
    {
        var client = _app!.CreateHttpClient(resource);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return client;
    }
}
