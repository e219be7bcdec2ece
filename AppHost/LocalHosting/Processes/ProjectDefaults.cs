using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Processes;

/// <summary>What every .NET project gets without asking: its endpoints and addresses, telemetry, a plain console.</summary>
internal static class ProjectDefaults
{
    // Variables of the host's own launch that would mislead a service which inherits them.
    public static readonly string[] NotInherited =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "HTTP_PORTS", "HTTPS_PORTS", "URLS", "DOTNET_URLS",
        "DOTNET_LAUNCH_PROFILE", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "DOTNET_STARTUP_HOOKS",
    ];

    public static void Apply(IResourceBuilder<ProjectResource> builder, ChosenLaunchProfile? profile)
    {
        AddEndpoints(builder, profile);
        builder.WithOtlpExporter();
        builder.WithEnvironment(context => Set(context.EnvironmentVariables, builder, profile));
        if (!string.IsNullOrWhiteSpace(profile?.Profile.CommandLineArgs))
        {
            builder.WithArgs(profile.Profile.CommandLineArgs.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static void AddEndpoints(IResourceBuilder<ProjectResource> builder, ChosenLaunchProfile? profile)
    {
        var counts = new Dictionary<string, int>();
        foreach (var url in (profile?.Profile.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var uri = new Uri(url.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal));
            var count = counts[uri.Scheme] = counts.GetValueOrDefault(uri.Scheme) + 1;
            builder.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, uri.Scheme, name: count == 1 ? uri.Scheme : $"{uri.Scheme}{count}", port: uri.Port)
            {
                IsPortWished = true,
            });
        }
    }

    private static void Set(Dictionary<string, object> environment, IResourceBuilder<ProjectResource> builder, ChosenLaunchProfile? profile)
    {
        var hostEnvironment = builder.ApplicationBuilder.Environment;
        var project = builder.Resource;
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (hostEnvironment.IsDevelopment())
        {
            environment["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
            environment["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
        }

        environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        environment["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        if (profile is not null)
        {
            environment["DOTNET_LAUNCH_PROFILE"] = profile.Name;
            foreach (var (name, value) in profile.Profile.EnvironmentVariables ?? [])
            {
                environment.TryAdd(name, value);
            }
        }

        environment.TryAdd("ASPNETCORE_ENVIRONMENT", hostEnvironment.EnvironmentName);
        environment.TryAdd("DOTNET_ENVIRONMENT", hostEnvironment.EnvironmentName);

        var addresses = project.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https" && e.PortVariable is null).ToList();
        if (addresses.Count > 0)
        {
            environment["ASPNETCORE_URLS"] = new InstanceValue(i => string.Join(';', addresses.Select(e => $"{e.UriScheme}://localhost:{i.TargetPort(e.Name)}")));
        }

        if (addresses.FirstOrDefault(e => e.UriScheme == "https") is { } https)
        {
            environment["ASPNETCORE_HTTPS_PORT"] = new InstanceValue(_ => $"{https.AllocatedEndpoint!.Port}");
        }
    }
}
