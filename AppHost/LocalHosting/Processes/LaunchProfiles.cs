using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Processes;

internal sealed record LaunchProfileFile(Dictionary<string, LaunchProfileEntry>? Profiles);

internal sealed record LaunchProfileEntry(string? CommandName, string? ApplicationUrl, string? CommandLineArgs, Dictionary<string, string>? EnvironmentVariables);

internal sealed record ChosenLaunchProfile(string Name, LaunchProfileEntry Profile);

/// <summary>Reads Properties/launchSettings.json beside a project, as dotnet run does.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static ChosenLaunchProfile? Choose(IProjectMetadata project, IConfiguration configuration)
    {
        var profiles = Read(Path.GetDirectoryName(project.ProjectPath)!);
        foreach (var wished in new[] { configuration["AppHost:DefaultLaunchProfileName"], configuration["DOTNET_LAUNCH_PROFILE"] })
        {
            if (wished is not null && profiles.TryGetValue(wished, out var profile))
            {
                return new(wished, profile);
            }
        }

        return profiles.Where(p => p.Value.CommandName is null or "" or "Project").Select(p => new ChosenLaunchProfile(p.Key, p.Value)).FirstOrDefault();
    }

    public static ChosenLaunchProfile? ByName(IProjectMetadata project, string? name)
    {
        if (name is null)
        {
            return null;
        }

        return Read(Path.GetDirectoryName(project.ProjectPath)!).TryGetValue(name, out var profile)
            ? new(name, profile)
            : throw new DistributedApplicationException($"Launch settings file of '{project.ProjectPath}' does not contain '{name}' profile.");
    }

    public static Dictionary<string, LaunchProfileEntry> Read(string projectDirectory)
    {
        var path = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<LaunchProfileFile>(File.ReadAllText(path), Options)?.Profiles ?? [];
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"The launch settings file '{path}' is not valid JSON: {exception.Message}", exception);
        }
    }
}
