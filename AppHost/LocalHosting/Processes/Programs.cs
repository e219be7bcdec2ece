using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Processes;

internal static class Programs
{
    // Debian keeps servers in sbin, which an ordinary user's PATH leaves out.
    private static readonly string[] MoreFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin", "/opt/homebrew/sbin"];

    public static string? Find(string program, string? path = null)
    {
        if (program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return File.Exists(program) ? program : null;
        }

        var folders = (path ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Concat(path is null ? MoreFolders : []).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    public static string FindServer(IResource resource, LocalServerAnnotation server, string? path) =>
        server.Programs.Select(program => Find(program, path)).FirstOrDefault(found => found is not null)
        ?? throw new DistributedApplicationException(
            $"Resource '{resource.Name}' needs the program '{string.Join("' or '", server.Programs)}', which is not on this machine. "
            + $"Install it with '{(OperatingSystem.IsMacOS() ? $"brew install {server.InstallWithBrew}" : $"apt-get install {server.InstallWithApt}")}'.");
}
