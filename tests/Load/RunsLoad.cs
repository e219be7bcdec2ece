using System.Collections.Concurrent;
using System.Globalization;
using AiPlatform.Tests.Common;

namespace AiPlatform.Load;

/// <summary>
/// How late a frame is at the socket: from the moment the service gives it to the run log to its arrival at the client, with the
/// service as a process of its own. A frame's timestamp is cut to the millisecond, so each figure is up to 1 ms too long.
/// </summary>
internal sealed class RunsLoad : ILoad
{
    private const int Runs = 50;
    private const double MostMilliseconds = 5;

    public string Name => "runs";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var servers = await DataServers.StartAsync();
        await using var model = await ModelServer.StartAsync();
        using var tokens = new TokenFactory();
        await using var issuer = await JwksServer.StartAsync(tokens);
        await using var chat = await ServiceProcess.StartAsync(
            "Services.Chat",
            new Dictionary<string, string>
            {
                ["ConnectionStrings:chatdb"] = await servers.CreateDatabaseAsync("load", cancellationToken),
                ["ConnectionStrings:redis"] = servers.RedisConnectionString,
                ["Auth:Authority"] = issuer.Url,
                ["Models:OpenAi:BaseUrl"] = model.BaseUrl,
                ["Models:OpenAi:ApiKey"] = "key",
                ["Models:OpenAi:Model"] = "test-model",
            },
            cancellationToken);
        var sockets = await Task.WhenAll(Enumerable.Range(0, Runs).Select(
            _ => ChatSocket.ConnectAsync(new(chat.Url, "/ws/load"), tokens.Issue(new TestToken()), cancellationToken: cancellationToken)));
        try
        {
            // Compiled, connected, and every script known to Redis.
            await MeasureAsync(model, sockets, framesPerSecond: 20, seconds: 3, cancellationToken);
            List<Figure> figures = [];
            foreach (var framesPerSecond in (int[])[5, 25])
            {
                using var redis = await RedisProbe.StartAsync(servers.RedisConnectionString, cancellationToken);
                var latencies = await MeasureAsync(model, sockets, framesPerSecond, seconds: 12, cancellationToken);
                var baseline = await redis.StopAsync();
                figures.Add(ToFigure("p50", framesPerSecond, latencies, baseline, 0.50, null));
                figures.Add(ToFigure("p99", framesPerSecond, latencies, baseline, 0.99, framesPerSecond == 5 ? MostMilliseconds : null));
            }

            return figures;
        }
        finally
        {
            foreach (var socket in sockets)
            {
                await socket.DisposeAsync();
            }
        }
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(
        ModelServer model, IReadOnlyList<ChatSocket> sockets, int framesPerSecond, int seconds, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(1.0 / framesPerSecond);
        model.Respond = _ => ModelReply.Of([
            // Not all at the same moment.
            new ModelStep.Wait(pause * Random.Shared.NextDouble()),
            .. Enumerable.Range(1, framesPerSecond * seconds).SelectMany(number => (ModelStep[])[new ModelStep.TextDelta($" word{number}"), new ModelStep.Wait(pause)])]);
        var latencies = new ConcurrentBag<double>();
        await Task.WhenAll(sockets.Select(async socket =>
        {
            await socket.SendAsync(new { type = "chat_message", message = "Say many words." }, cancellationToken);
            ReceivedFrame frame;
            do
            {
                frame = await socket.ReadAsync(cancellationToken);
                var arrived = DateTimeOffset.UtcNow;
                if (frame.Type == "text_chunk")
                {
                    latencies.Add((arrived - DateTimeOffset.Parse(frame.TextOf("timestamp")!, CultureInfo.InvariantCulture)).TotalMilliseconds);
                }
            }
            while (frame.Type != "agent_completed");
        }));
        return [.. latencies.Order()];
    }

    private static Figure ToFigure(
        string name, int framesPerSecond, IReadOnlyList<double> measured, IReadOnlyList<double> baseline, double quantile, double? most)
    {
        var (ours, raw) = (At(measured, quantile), At(baseline, quantile));
        return new(
            $"log to socket, {Runs} runs at {framesPerSecond} frames/s, {name}", Milliseconds(ours), $"{Milliseconds(raw)} (raw XADD)",
            (ours / raw).ToString("0.0", CultureInfo.InvariantCulture), most is { } bound ? $"under {Milliseconds(bound)}" : "", most is null || ours < most);
    }

    private static double At(IReadOnlyList<double> sorted, double quantile) => sorted[(int)((sorted.Count - 1) * quantile)];

    private static string Milliseconds(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + " ms";
}
