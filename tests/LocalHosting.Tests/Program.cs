using System.Net.WebSockets;
using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.LocalHosting.Tests;

/// <summary>Started again by its own tests: as a web service, or as an AppHost.</summary>
internal static class Program
{
    public static void Main(string[] args)
    {
        if (args is ["web"])
        {
            RunWeb();
            return;
        }

        var builder = DistributedApplication.CreateBuilder(args);
        Graph.Add(builder);
        builder.Build().Run();
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
