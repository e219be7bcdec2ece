using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.LocalHosting.Tests.SideBySide;

/// <summary>Everything of the machine that a host has taken for itself.</summary>
internal sealed record HostUse(IReadOnlyList<int> Ports, IReadOnlyList<string> Folders, IReadOnlyList<int> Pids)
{
    public static HostUse Of(DistributedApplication app)
    {
        var instances = app.Services.GetRequiredService<Orchestrator>().Instances.ToList();
        var endpoints = instances.Select(i => i.Resource).Distinct().SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()).ToList();
        var dashboard = new Uri(app.Services.GetRequiredService<IConfiguration>()["ASPNETCORE_URLS"]!);
        return new(
            [
                dashboard.Port,
                .. endpoints.Select(e => e.AllocatedEndpoint!.Port),
                .. instances.SelectMany(i => i.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => i.TargetPort(e.Name))),
            ],
            [app.Services.GetRequiredService<DataFolders>().RunFolder],
            [.. instances.Select(i => i.Process?.Id).OfType<int>()]);
    }

    /// <summary>Of a host elsewhere, which told its run's folder and connection strings.</summary>
    public static async Task<HostUse> OfAsync(string[] told, string dataFolder) => new(
        [Port(told[1].Split(',')[0].Split(':')[1]), Port(told[2].Split("Port=")[1].Split(';')[0])],
        [told[0], dataFolder, await Servers.SqlAsync(told[2], "select @@tmpdir")],
        HostProcess.RecordedIn(told[0]));

    /// <summary>A port may be the public one and the process's own at the same time, but never in two hosts.</summary>
    public static void AssertNothingShared(params IReadOnlyList<HostUse> hosts)
    {
        AssertDistinct(hosts.Select(h => h.Ports.Distinct().ToList()));
        AssertDistinct(hosts.Select(h => h.Folders));
        AssertDistinct(hosts.Select(h => h.Pids));
    }

    private static void AssertDistinct<T>(IEnumerable<IReadOnlyList<T>> uses)
    {
        var all = uses.SelectMany(u => u).ToList();
        Assert.NotEmpty(all);
        Assert.Equal(all.Distinct(), all);
    }

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
