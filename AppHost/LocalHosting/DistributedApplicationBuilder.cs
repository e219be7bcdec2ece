using System.Reflection;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Collects the app model and the services that run it on this machine.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly EntryPointInterception? _interception;

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _interception = EntryPointInterception.Current;
        _interception?.Constructing(options, settings);

        AppHostAssembly = options.Assembly;
        AppHostDirectory = options.ProjectPath ?? Directory.GetCurrentDirectory();
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        settings.ContentRootPath ??= AppHostDirectory;
        _host = new HostApplicationBuilder(settings);
        Options = options;

        AddDefaults();
        AddServices();
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources { get; } = new ResourceCollection([]);

    internal DistributedApplicationOptions Options { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out var existing))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource
        => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _interception?.Building(this);
        WaitCycles.Refuse(Resources);
        var application = new DistributedApplication(_host.Build());
        _interception?.Built(application);
        return application;
    }

    // Keys that Aspire sets too; what the outside configured wins, except where only this run can know.
    private void AddDefaults()
    {
        var made = new Dictionary<string, string?>();
        if (string.IsNullOrEmpty(Configuration["AppHost:BrowserToken"]))
        {
            made["AppHost:BrowserToken"] = Configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] is { Length: > 0 } token ? token : NewKey();
        }

        if (string.IsNullOrEmpty(Configuration["AppHost:OtlpApiKey"]))
        {
            made["AppHost:OtlpApiKey"] = NewKey();
        }

        made["AppHost:Directory"] = AppHostDirectory;
        made["AppHost:Path"] = Path.Join(AppHostDirectory, Options.ProjectName);
        if (Options.IsTestHost)
        {
            made["LocalHosting:ThrowAwayData"] = "true";
        }

        Configuration.AddInMemoryCollection(made);
    }

    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private void AddServices()
    {
        Services.AddSingleton(Options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton(services => new ResourceCommandService(services));
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(DataFolders.Of(this));
        Services.AddSingleton<PortReservations>();
        Services.AddSingleton<ProcessGuard>();
        Services.AddSingleton<ResourceConfigurator>();
        Services.AddSingleton<LocalServerStarter>();
        Services.AddSingleton<EndpointAllocator>();
        Services.AddSingleton<ReplicaForwarders>();
        Services.AddSingleton<Orchestrator>();
        Services.AddHttpClient();
        Services.AddHealthChecks();
        Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        Services.AddLogging(logging => logging
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning));

        // In this order: telemetry must listen before the first resource's environment is made.
        Services.AddDashboard();
        Services.AddHostedService<OrchestratorService>();
        Services.AddHostedService<ResourceHealthService>();
        if (!Options.IsTestHost)
        {
            Services.AddHostedService<HangupService>();
        }

        if (Options.EnableResourceLogging)
        {
            Services.AddHostedService<ResourceLogForwarder>();
        }
    }
}
