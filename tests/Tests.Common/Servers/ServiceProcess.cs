using System.Net;

namespace AiPlatform.Tests.Common;

/// <summary>
/// A built service as a process of its own, for tests that end one the way a crash does. It goes with the test process.
/// The test project names the service in a project reference, so that it is built.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly GuardedProcess _process;

    private ServiceProcess(string folder, int port, GuardedProcess process)
    {
        _folder = folder;
        _process = process;
        Url = new($"http://127.0.0.1:{port}");
    }

    public Uri Url { get; }

    public int ProcessId => _process.ProcessId;

    /// <summary>Starts <c>Services.Chat</c> and the like, and returns once it answers. In Development, unless the settings say otherwise.</summary>
    public static Task<ServiceProcess> StartAsync(
        string service, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken = default) =>
        StartAsync(service, [], settings, cancellationToken);

    public static async Task<ServiceProcess> StartAsync(
        string service, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken = default)
    {
        var port = FreePort.Next();
        var folder = ServerFolder.Create(service);
        var environment = settings
            .Select(setting => $"{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}")
            .Prepend("ASPNETCORE_ENVIRONMENT=Development")
            // Where its appsettings.json lies, as when it is deployed.
            .Prepend($"ASPNETCORE_CONTENTROOT={Path.GetDirectoryName(PathOf(service))}")
            .Append($"ASPNETCORE_URLS=http://127.0.0.1:{port}");
        string[] command = [.. environment, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", PathOf(service), .. arguments];
        var process = await GuardedProcess.StartAsync(
            folder, Path.Combine(folder, "service.log"), "/usr/bin/env", command, bootstrap: "", cancellationToken);
        var started = new ServiceProcess(folder, port, process);
        await process.WaitUntilReadyAsync(started.AnswersAsync, cancellationToken);
        return started;
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _process.EndAsync("KILL", cancellationToken);

    public Task<string> ReadLogAsync(CancellationToken cancellationToken = default) => _process.ReadLogAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    // artifacts/local/bin/Services.Chat.Tests/debug/ -> artifacts/local/bin/Services.Chat/debug/Services.Chat.dll
    private static string PathOf(string service)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(configuration.Parent!.Parent!.FullName, service, configuration.Name, $"{service}.dll");
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Url };
        try
        {
            using var response = await client.GetAsync(new Uri("/alive", UriKind.Relative), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
