using Microsoft.Extensions.Configuration;

namespace AiPlatform.AppHost.Startup;

internal static class SettingsExtensions
{
    /// <summary>
    /// Passes a section of the AppHost's settings (user secrets, environment, appsettings) on to a service, so that a developer
    /// keeps all of them, keys above all, in one place.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> builder, IConfigurationSection section)
    {
        foreach (var (key, value) in section.AsEnumerable())
        {
            if (value is not null)
            {
                builder.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
            }
        }

        return builder;
    }

    /// <summary>Passes the setting that names a file on, as a full path: the service works in a folder of its own.</summary>
    public static IResourceBuilder<ProjectResource> WithFileSetting(this IResourceBuilder<ProjectResource> builder, string name, string? file) =>
        string.IsNullOrWhiteSpace(file) ? builder : builder.WithEnvironment(name, Path.GetFullPath(file));
}
