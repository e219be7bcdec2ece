using Aspire.Hosting.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class
        => CreateAsync<TEntryPoint>([], (_, _) => { }, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
        => CreateAsync<TEntryPoint>(args, (_, _) => { }, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
        => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, [], (_, _) => { }, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
    {
        var limit = TestWaits.Limit(new ConfigurationBuilder().AddCommandLine(args).Build());
        var interception = new EntryPointInterception(entryPoint.Assembly, args, limit, (options, settings) =>
        {
            options.DisableDashboard = true;
            options.EnableResourceLogging = true;
            options.IsTestHost = true;
            settings.EnvironmentName = EnvironmentOf(options);
            configureBuilder(options, settings);
        });
        var builder = await interception.RunToBuildAsync(cancellationToken);
        return new TestingBuilder(builder, interception);
    }

    // As `dotnet run` of the AppHost would: from its first launch profile.
    private static string EnvironmentOf(DistributedApplicationOptions options)
    {
        var profile = options.ProjectPath is { } directory ? LaunchProfiles.Read(directory).Values.FirstOrDefault() : null;
        return profile?.EnvironmentVariables?.GetValueOrDefault("DOTNET_ENVIRONMENT")
            ?? profile?.EnvironmentVariables?.GetValueOrDefault("ASPNETCORE_ENVIRONMENT")
            ?? Environments.Development;
    }
}
