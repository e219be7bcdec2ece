using System.Net;
using System.Net.WebSockets;
using AiPlatform.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.ServiceDefaults.Tests.TestKit;

public sealed class ChatSocketTests
{
    [Fact]
    public async Task ReadUntil_MatchComesThird_ReturnsTheThreeAndKeepsTheRestForLater()
    {
        await using var server = await StartEchoAsync();
        await using var socket = await ChatSocket.ConnectAsync(new Uri(server.Urls.Single()), token: "good");
        string[] types = ["a", "b", "c", "d"];
        foreach (var type in types)
        {
            await socket.SendAsync(new { type, run_id = "r", seq = 7 });
        }

        var frames = await socket.ReadUntilAsync("c");
        var next = await socket.ReadAsync();

        Assert.Equal(["a", "b", "c"], frames.Select(frame => frame.Type));
        Assert.Equal("""{"type":"d","run_id":"r","seq":7}""", next.Raw);
        Assert.Equal(("r", 7), (next.RunId, next.Seq));
        Assert.Equal(types, socket.Frames.Select(frame => frame.Type));
    }

    [Fact]
    public async Task ReadUntilClosed_ServerCloses_TellsStatusAndReason()
    {
        await using var server = await StartEchoAsync();
        await using var socket = await ChatSocket.ConnectAsync(new Uri(server.Urls.Single()), token: "good", tokenInHeader: true);
        await socket.SendTextAsync("""{"type":"last"}""");
        await socket.SendBinaryAsync(new byte[] { 1 });

        var frames = await socket.ReadUntilClosedAsync();

        Assert.Equal("last", Assert.Single(frames).Type);
        Assert.Equal((1003, "no binary"), (socket.CloseStatus, socket.CloseReason));
    }

    [Fact]
    public async Task Connect_BadToken_TellsTheHttpStatus()
    {
        await using var server = await StartEchoAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await ChatSocket.ConnectRefusedAsync(new Uri(server.Urls.Single()), token: "bad"));
    }

    /// <summary>Sends every text back; a binary message ends the connection.</summary>
    private static async Task<WebApplication> StartEchoAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(EchoAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task EchoAsync(HttpContext context)
    {
        if (context.Request.Query["token"] != "good" && context.Request.Headers.Authorization != "Bearer good")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: WebSocketMessageType.Text } message)
        {
            await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.InvalidMessageType, "no binary", context.RequestAborted);
    }
}
