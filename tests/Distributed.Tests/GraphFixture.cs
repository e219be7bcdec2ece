using System.Net.Http.Headers;
using AiPlatform.Tests.Common;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AiPlatform.Distributed.Tests;

/// <summary>The whole graph, booted once for a collection, with its telemetry going to a collector of the tests.</summary>
public sealed class GraphFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private DistributedApplication? _app;
    private OtlpCollector? _collector;
    private ApiTap? _tap;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The graph was not started.");

    public OtlpCollector Collector => _collector ?? throw new InvalidOperationException("The collector was not started.");

    /// <summary>Between the chat service and the API.</summary>
    public ApiTap Tap => _tap ?? throw new InvalidOperationException("The tap was not started.");

    public async Task InitializeAsync()
    {
        const string apiKey = "distributed-tests";
        _collector = await OtlpCollector.StartAsync(apiKey);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={_collector.Url}",
                $"--AppHost:OtlpApiKey={apiKey}",

                // A developer's own model key must not decide what the tests see, nor be spent on them.
                "--Models:OpenAi:BaseUrl=",
                "--Models:OpenAi:ApiKey=",
            ]);
        _tap = await ApiTap.StartAsync();
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "chat"))
            .WithEnvironment("services__api__http__0", _tap.Url);
        _app = await builder.BuildAsync();
        using var bound = new CancellationTokenSource(StartTimeout);
        await _app.StartAsync(bound.Token);
        _tap.Target = _app.GetEndpoint("api", "http");
        foreach (var name in (string[])["api", "documents", "chat"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(name, bound.Token);
        }
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_tap is not null)
        {
            await _tap.DisposeAsync();
        }

        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }
    }

    /// <inheritdoc cref="SampleSignIn.TokenAsync"/>
    public Task<string> SignInAsync(string role = "practitioner", int practice = 0) => SampleSignIn.TokenAsync(App, role, practice);

    public HttpClient CreateClient(string resource, string token)
    {
        var client = App.CreateHttpClient(resource);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Uri ChatSocketUri(string sessionId) => new(App.GetEndpoint("chat", "http"), $"/ws/{sessionId}");
}

[CollectionDefinition(Name)]
public sealed class GraphTests : ICollectionFixture<GraphFixture>
{
    public const string Name = "graph";
}
