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
}
