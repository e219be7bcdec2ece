using System.Net.WebSockets;
using AiPlatform.LocalHosting.Tests.Orphans;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>Started again by its own tests: as a web service, or as an AppHost.</summary>
internal static class Program
{
    public static void Main(string[] args)
    {
        switch (args)
        {
            case ["web"]:
                RunWeb();
                break;
            case ["test-host", ..]:
                RunTestHostAsync(args[1..]).GetAwaiter().GetResult();
                break;
            default:
                RunHost(args);
                break;
        }
    }

    private static void RunHost(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        Graph.Add(builder);
        var crash = new Crash(builder.Configuration["Crash"], builder.Configuration["PidFile"]);
        builder.Services.AddSingleton<IHostedService>(crash);
        crash.Reach("before-start");
        var app = builder.Build();
        if (crash.IsWanted("after-start"))
        {
            app.Start();
            crash.Reach("after-start");
        }

        app.Run();
    }

    // As a test would: another thread runs the Main above until it has built.
    private static async Task RunTestHostAsync(string[] args)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<GraphFixture>(args);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await Task.Delay(Timeout.Infinite);
    }

    private static void RunWeb()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.UseWebSockets();
        app.Map("/echo", EchoAsync);
        app.MapGet("/health", () => Results.Ok());
        app.MapGet("/pid", () => Environment.ProcessId);
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(k => k, Environment.GetEnvironmentVariable));
        app.Run();
    }

    // Says who it is, then everything back.
    private static async Task EchoAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var bytes = System.Text.Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)).AsMemory();
        var buffer = new byte[1024];
        while (true)
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, http.RequestAborted);
            var received = await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            bytes = buffer.AsMemory(0, received.Count);
        }
    }
}
