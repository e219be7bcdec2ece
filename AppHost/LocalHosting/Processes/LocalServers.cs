using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Servers;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Processes;

internal static class LocalServers
{
    /// <summary>Whether a program of this machine is started for the resource.</summary>
    public static bool IsStarted(IResource resource) =>
        resource.HasAnnotationOfType<LocalServerAnnotation>() && !resource.HasAnnotationOfType<ConfiguredConnectionAnnotation>();
}

/// <summary>A connection string in the configuration, ConnectionStrings:redis, takes the place of the server of that name.</summary>
internal static class ConfiguredServers
{
    public static void Use(DistributedApplicationModel model, IConfiguration configuration)
    {
        foreach (var resource in model.Resources.OfType<IResourceWithConnectionString>().Where(IsOfServer))
        {
            if (configuration.GetConnectionString(resource.Name) is { Length: > 0 } connectionString)
            {
                Check(resource, connectionString);
                resource.Annotations.Add(new ConfiguredConnectionAnnotation(connectionString));
            }
        }

        // A server whose databases all stand somewhere else has nothing to do here either.
        foreach (var server in model.Resources.Where(LocalServers.IsStarted).ToList())
        {
            var databases = model.Resources.OfType<IResourceWithParent>().Where(c => c.Parent == server).ToList();
            if (databases.Count > 0 && databases.All(c => c.HasAnnotationOfType<ConfiguredConnectionAnnotation>()))
            {
                server.Annotations.Add(databases[0].Annotations.OfType<ConfiguredConnectionAnnotation>().First());
            }
        }
    }

    // What nobody can understand will not heal by waiting.
    private static void Check(IResource resource, string connectionString)
    {
        if (resource is RedisResource)
        {
            RedisAddress.Parse(resource.Name, connectionString);
        }
        else if (resource is MySqlServerResource or MySqlDatabaseResource)
        {
            MySqlAddress.Parse(resource.Name, connectionString);
        }
    }

    private static bool IsOfServer(IResource resource) => resource.SelfAndParents().Any(r => r.HasAnnotationOfType<LocalServerAnnotation>());
}
