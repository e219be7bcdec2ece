using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Load.Gateway;

/// <summary>
/// The model server behind every gateway, for what takes its time: paced streams whose chunks carry the moment they were sent, replies of 1 MB, and a place
/// where telemetry goes. Also what gateways are measured against: the same bytes from bare Kestrel, and a bare forwarder. A process of its own.
/// </summary>
internal static class ModelStandIn
{
    /// <summary>The hidden argument that makes this program the server.</summary>
    public const string Argument = "model-stand-in";

    public const int LargeReply = 1024 * 1024;
    public const int LargePieces = 16;

    /// <summary>What every fast reply is.</summary>
    public static readonly string SmallReply =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"load","choices":[{"index":0,"message":{"role":"assistant","content":"The client reported sleeping better than last week."},"finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":9,"total_tokens":33}}""";

    private static readonly byte[] Small = Encoding.UTF8.GetBytes(SmallReply);
    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();
    private static readonly byte[] End = """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""u8.ToArray();

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/alive", () => "alive");

        // Telemetry that was exported is of no interest here, that it is exported is.
        app.MapPost("/v1/{signal}", static async context => await context.Request.Body.CopyToAsync(Stream.Null));
        app.MapPost("/v1/chat/completions", AnswerAsync);
        app.MapPost("/bytes", static context => SendAsync(context, "application/json", Small));
        app.MapPost("/forward", BareForwarder.ForwardAsync);
        await app.RunAsync();
    }

    /// <summary>{"model":"paced-20-50"}: twenty chunks, one every 50 ms. {"model":"large-10"}: 1 MB, a piece every 10 ms.</summary>
    private static async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var from = body.IndexOf("\"model\":\"", StringComparison.Ordinal) + 9;
        var model = body[from..body.IndexOf('"', from)].Split('-');
        var numbers = model.Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToList();

        await (model[0] switch
        {
            "paced" => StreamAsync(context, numbers[0], TimeSpan.FromMilliseconds(numbers[1])),
            "large" => SendLargeAsync(context, TimeSpan.FromMilliseconds(numbers[0])),
            _ => SendAsync(context, "application/json", Small),
        });
    }

    private static async Task StreamAsync(HttpContext context, int chunks, TimeSpan pause)
    {
        context.Response.ContentType = "text/event-stream";
        var writer = context.Response.BodyWriter;
        var started = Stopwatch.GetTimestamp();

        for (var chunk = 0; chunk < chunks; chunk++)
        {
            // By the clock, so that what waits for the processor does not add up.
            if (pause * chunk - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, context.RequestAborted);
            }

            await writer.WriteAsync(SentStream.Chunk(Stopwatch.GetTimestamp()), context.RequestAborted);
        }

        await writer.WriteAsync((byte[])[.. End, .. "\n\n"u8, .. Done], context.RequestAborted);
    }

    private static async Task SendLargeAsync(HttpContext context, TimeSpan pause)
    {
        var (head, tail) = ("""{"choices":[{"index":0,"message":{"content":" """u8.ToArray(), """ "},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"""u8.ToArray());
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = head.Length + LargeReply + tail.Length;
        await context.Response.BodyWriter.WriteAsync(head, context.RequestAborted);
        var piece = new byte[LargeReply / LargePieces];
        piece.AsSpan().Fill((byte)'x');

        for (var sent = 0; sent < LargePieces; sent++)
        {
            await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, context.RequestAborted);
            }
        }

        await context.Response.BodyWriter.WriteAsync(tail, context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, string type, byte[] bytes)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
    }
}
