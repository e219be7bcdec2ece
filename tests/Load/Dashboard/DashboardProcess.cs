using System.Diagnostics;
using AiPlatform.Tests.Common;
using Aspire.Hosting;

namespace AiPlatform.Load.Dashboard;

/// <summary>A local host with nothing but its dashboard, on the first core alone; it keeps its run on disk as under F5.</summary>
internal sealed class DashboardProcess : IDisposable
{
    /// <summary>The hidden argument that makes this program the host.</summary>
    public const string Argument = "dashboard-host";

    public const string Key = "load";
    private readonly Process _process;
    private readonly string _folder;

    private DashboardProcess(Process process, string folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    public Uri Url { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    // Only a host with data to keep holds its folder, and only then it keeps its run.
    public static async Task RunAsync(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        builder.AddRedis("redis").WithDataVolume();
        await builder.Build().RunAsync();
    }

    public static async Task<DashboardProcess> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dashboard-load-").FullName;
        var url = new Uri($"http://localhost:{FreePort.Next()}");
        var start = new ProcessStartInfo("taskset",
        [
            "-c", "0", "dotnet", typeof(DashboardProcess).Assembly.Location, Argument,
            $"--LocalHosting:DataFolder={folder}", $"--AppHost:OtlpApiKey={Key}", $"--AppHost:BrowserToken={Key}", $"--ASPNETCORE_URLS={url}", "--Logging:LogLevel:Default=Warning",
        ]);

        // As an AppHost runs.
        start.Environment["DOTNET_gcServer"] = "0";
        var dashboard = new DashboardProcess(Process.Start(start)!, folder, url);
        using var client = new HttpClient { BaseAddress = url };
        await Eventually.BecomesTrueAsync(() => IsAnsweredAsync(client, cancellationToken), "the dashboard answers");
        return dashboard;
    }

    public void Dispose()
    {
        using (Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
        }

        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> IsAnsweredAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/login", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
