using AiPlatform.Services.Chat.Runs;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Hosting;

/// <summary>The real service on Kestrel with real Redis and MariaDB. What executes runs can be replaced by a script.</summary>
internal sealed class ChatHost : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> _settings;
    private readonly AgentCall? _agent;
    private readonly bool _renews;
    private readonly Action<IServiceCollection>? _services;
    private readonly TimeProvider? _time;

    private ChatHost(Dictionary<string, string> settings, AgentCall? agent, TokenFactory tokens, bool renews, Action<IServiceCollection>? services, TimeProvider? time)
    {
        _time = time;
        _renews = renews;
        _services = services;
        _settings = settings;
        _agent = agent;
        Tokens = tokens;
        UseKestrel(0);
    }

    public TokenFactory Tokens { get; }

    /// <summary>What it was started with, for a replica in a process of its own.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    public Uri Url => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <param name="renews">False for a replica that looks dead to the others: it works, but its leases run out.</param>
    /// <param name="services">Puts something at a seam of this replica.</param>
    /// <param name="time">The clock of this and of further replicas, and of who issues the tokens.</param>
    public static async Task<ChatHost> StartAsync(
        AgentCall? agent = null, Dictionary<string, string>? settings = null, bool renews = true, Action<IServiceCollection>? services = null, TimeProvider? time = null)
    {
        var servers = await DataServers.StartAsync();
        var tokens = new TokenFactory(time);
        var issuer = await JwksServer.StartAsync(tokens);
        var all = new Dictionary<string, string>
        {
            ["ConnectionStrings:chatdb"] = await servers.CreateDatabaseAsync("chat"),
            ["ConnectionStrings:redis"] = servers.RedisConnectionString,
            ["Auth:Authority"] = issuer.Url,

            // The others on this Redis have databases of their own.
            ["Usage:Stream"] = $"usage:{Guid.CreateVersion7():N}",

            // Tests send the same request many times and mean each of them; those of the cache turn it on.
            ["Gateway:Cache:Enabled"] = "false",
        };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        return Start(all, agent, tokens, renews, services, time);
    }

    /// <summary>Another replica on the same stores.</summary>
    public ChatHost StartReplica(AgentCall? agent = null) => Start(_settings, agent ?? _agent, Tokens, renews: true, services: null, _time);

    public Task<ChatSocket> ConnectAsync(TestToken user, string path) => ConnectAsync(Tokens.Issue(user), path);

    public Task<ChatSocket> ConnectAsync(string token, string path) => ConnectAsync(Url, token, path);

    public static async Task<ChatSocket> ConnectAsync(Uri url, string token, string path)
    {
        var socket = await ChatSocket.ConnectAsync(new(url, path), token);
        await socket.ReadUntilAsync("websocket_ready");
        return socket;
    }

    public HttpClient CreateClient(TestToken user)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.Issue(user));
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        if (!_renews)
        {
            builder.ConfigureTestServices(services =>
            {
                foreach (var care in services.Where(service => service.ImplementationType is { } type && (type == typeof(RunKeeper) || type == typeof(RunSweeper))).ToList())
                {
                    services.Remove(care);
                }
            });
        }

        if (_time is not null)
        {
            builder.ConfigureTestServices(services => services.AddSingleton(_time));
        }

        if (_services is not null)
        {
            builder.ConfigureTestServices(_services);
        }

        if (_agent is not null)
        {
            builder.ConfigureTestServices(services => services.AddSingleton(_agent));
        }
    }

    private static ChatHost Start(
        Dictionary<string, string> settings, AgentCall? agent, TokenFactory tokens, bool renews, Action<IServiceCollection>? services, TimeProvider? time)
    {
        var host = new ChatHost(settings, agent, tokens, renews, services, time);
        host.StartServer();
        return host;
    }
}
