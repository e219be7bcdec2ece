using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.AppHost.Startup;

/// <summary>
/// Once all is healthy, says where everything is and how long it took, and keeps the run file when one is asked for
/// (<c>--RunFile=path</c>): written when healthy, removed at the stop. Asked for it (<c>--EndOnFailure=true</c>), ends the whole graph when a
/// service ends before it is healthy: nobody is there who would start it again.
/// </summary>
internal sealed class StartupReport(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    IConfiguration configuration,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private readonly bool _endsOnFailure = configuration.GetValue<bool>("EndOnFailure");
    private readonly string? _path = configuration["RunFile"];

    private IEnumerable<IResourceWithEndpoints> Services => model.Resources.OfType<IResourceWithEndpoints>();

    private RunFileDashboard Dashboard => RunFileDashboard.Of(configuration["ASPNETCORE_URLS"], configuration["AppHost:BrowserToken"]);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ReportAsync(stoppingToken);
        }
        catch (DistributedApplicationException exception) when (_endsOnFailure)
        {
            Console.Error.WriteLine(exception.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    private async Task ReportAsync(CancellationToken stoppingToken)
    {
        foreach (var resource in Services)
        {
            await (_endsOnFailure
                ? notifications.WaitForResourceHealthyAsync(resource.Name, WaitBehavior.StopOnResourceUnavailable, stoppingToken)
                : notifications.WaitForResourceHealthyAsync(resource.Name, stoppingToken));
            Console.WriteLine($"{SinceStart(),6:0.00} s  {resource.Name,-10} healthy  {Addresses(resource)}");
        }

        Console.WriteLine($"{SinceStart(),6:0.00} s  all healthy");
        Console.WriteLine($"\ndashboard  {Dashboard.LoginUrl}\nchat       {Addresses(Services.Single(resource => resource.Name == "chat"))}\n");
        if (_path is not null)
        {
            await (await DescribeAsync(stoppingToken)).WriteAsync(_path, stoppingToken);
        }
    }

    private static double SinceStart() => (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;

    private static string Addresses(IResourceWithEndpoints resource) =>
        string.Join(' ', resource.GetEndpoints().Where(endpoint => endpoint.Scheme is "http" or "https").Select(endpoint => endpoint.Url));

    private async Task<RunFile> DescribeAsync(CancellationToken cancellationToken)
    {
        var connectionStrings = new Dictionary<string, string>();
        foreach (var resource in model.Resources.OfType<IResourceWithConnectionString>())
        {
            if (await resource.GetConnectionStringAsync(cancellationToken) is { } connectionString)
            {
                connectionStrings[resource.Name] = connectionString;
            }
        }

        return new(
            Environment.ProcessId,
            Services.ToDictionary(
                resource => resource.Name,
                resource => new RunFileResource(resource.GetEndpoints().ToDictionary(endpoint => endpoint.EndpointName, endpoint => endpoint.Url))),
            connectionStrings,
            Dashboard,
            environment.IsDevelopment() ? await ReadSampleUsersAsync(cancellationToken) : []);
    }

    private async Task<IReadOnlyList<SampleUser>> ReadSampleUsersAsync(CancellationToken cancellationToken)
    {
        var api = Services.Single(resource => resource.Name == "api");
        using var client = new HttpClient { BaseAddress = new(api.GetEndpoint("http").Url), Timeout = TimeSpan.FromSeconds(10) };
        return await client.GetFromJsonAsync<List<SampleUser>>("/api/v1/sample-users", cancellationToken) ?? [];
    }
}
