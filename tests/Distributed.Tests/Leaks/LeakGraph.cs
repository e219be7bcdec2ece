using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Distributed.Tests.Leaks;

/// <summary>
/// A graph of its own with every log turned up to Debug and capture of contents asked for by the host's variable, a model provider of
/// the test's, and everything that any of its processes says kept.
/// </summary>
internal sealed class LeakGraph : IAsyncDisposable
{
    public const string Host = "AppHost";

    public static readonly string[] Services = ["api", "documents", "chat"];

    private static readonly string[] Everybody = [.. Services, "redis", "mysql"];
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly DistributedApplication _app;
    private readonly ConcurrentQueue<(string Resource, string Line)> _lines;
    private readonly List<Task> _watching = [];

    private LeakGraph(DistributedApplication app, OtlpCollector collector, ModelServer model, ConcurrentQueue<(string Resource, string Line)> lines)
    {
        (_app, Collector, Model, _lines) = (app, collector, model, lines);
    }

    public OtlpCollector Collector { get; }

    public ModelServer Model { get; }

    public IReadOnlyList<(string Resource, string Line)> Lines => [.. _lines];

    public static async Task<LeakGraph> StartAsync(Markers markers)
    {
        var collector = await OtlpCollector.StartAsync();
        var modelKey = markers.Plant("modelkey");
        var model = await ModelServer.StartAsync(modelKey);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={collector.Url}",
                $"--Models:OpenAi:BaseUrl={model.BaseUrl}",
                $"--Models:OpenAi:ApiKey={modelKey}",
                "--Models:OpenAi:Model=test-model",

                // An endpoint of its own: one that failed is left alone for a while, and would fail the next call without being asked.
                "--Models:Groups:0:Name=second",
                $"--Models:Groups:0:BaseUrl={model.BaseUrl}",
                $"--Models:Groups:0:ApiKey={modelKey}",
                "--Models:Groups:0:Model=second-model",
            ]);
        foreach (var service in builder.Resources.OfType<ProjectResource>())
        {
            builder.CreateResourceBuilder(service)
                .WithEnvironment("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
                .WithEnvironment("Logging__LogLevel__Default", "Debug")
                .WithEnvironment("Logging__LogLevel__Microsoft", "Debug")
                .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Debug")
                .WithEnvironment("Logging__LogLevel__System.Net.Http", "Debug")
                .WithEnvironment("Logging__Console__LogLevel__Default", "Debug");
        }

        var lines = new ConcurrentQueue<(string Resource, string Line)>();
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new HostLog(line => lines.Enqueue((Host, line)))));
        var graph = new LeakGraph(await builder.BuildAsync(), collector, model, lines);
        using var bound = new CancellationTokenSource(StartTimeout);
        await graph._app.StartAsync(bound.Token);
        foreach (var name in Services)
        {
            await graph._app.ResourceNotifications.WaitForResourceHealthyAsync(name, bound.Token);
        }

        var logs = graph._app.Services.GetRequiredService<ResourceLoggerService>();
        graph._watching.AddRange(Everybody.Select(name => graph.KeepAsync(name, logs.WatchAsync(name))));
        foreach (var parameter in builder.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            markers.Guard(parameter.Name, (await parameter.GetValueAsync(bound.Token))!);
        }

        foreach (var server in (string[])["redis", "mysql"])
        {
            markers.Guard($"{server}-password", await graph.PasswordOfAsync(server));
        }

        return graph;
    }

    public HttpClient CreateClient(string resource, string? token = null)
    {
        var client = _app.CreateHttpClient(resource);
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Uri SocketUri(string path) => new(_app.GetEndpoint("chat", "http"), path);

    /// <summary>The folder of this run's servers, as Redis itself names it; null where they are containers.</summary>
    public async Task<string?> FindDataFolderAsync()
    {
        var address = (await _app.GetConnectionStringAsync("redis"))!.Split(',')[0].Split(':');
        var password = await PasswordOfAsync("redis");
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"AUTH {password}\r\nCONFIG GET dir\r\nQUIT\r\n"));
        var folder = (await new StreamReader(stream).ReadToEndAsync()).Split("\r\n").Single(line => line.StartsWith('/'));
        return Directory.Exists(folder) ? Path.GetDirectoryName(folder) : null;
    }

    public async Task StopAsync(string resource)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(resource, "stop");
        Assert.True(result.Success, result.Message);
    }

    /// <summary>Ends the graph, so that nothing is held back any more, and reads to the end of every log.</summary>
    public async Task StopAsync()
    {
        using var bound = new CancellationTokenSource(StartTimeout);
        await _app.StopAsync(bound.Token);
        var logs = _app.Services.GetRequiredService<ResourceLoggerService>();
        foreach (var name in Everybody)
        {
            await KeepAsync(name, logs.GetAllAsync(name));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Task.WhenAll(_watching).WaitAsync(StartTimeout);
        await Model.DisposeAsync();
        await Collector.DisposeAsync();
    }

    // Server=...;Password=x;... or host:port,password=x,...
    private async Task<string> PasswordOfAsync(string server) =>
        Regex.Match((await _app.GetConnectionStringAsync(server))!, "password=([^,;]+)", RegexOptions.IgnoreCase).Groups[1].Value;

    private async Task KeepAsync(string resource, IAsyncEnumerable<IReadOnlyList<LogLine>> batches)
    {
        await foreach (var batch in batches)
        {
            foreach (var line in batch)
            {
                _lines.Enqueue((resource, line.Content));
            }
        }
    }
}
