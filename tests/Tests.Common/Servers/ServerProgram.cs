namespace AiPlatform.Tests.Common;

/// <summary>Finds the programs of Redis and MariaDB; a missing one is an error that says how to get it.</summary>
internal static class ServerProgram
{
    // Debian keeps mariadbd where only root's PATH looks.
    private static readonly string[] ExtraFolders =
        ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec", "/opt/homebrew/bin", "/opt/homebrew/sbin"];

    public static string Redis() => Find("redis-server", "redis-server", "redis");

    public static string MariaDb() => Find("mariadbd", "mariadb-server", "mariadb");

    private static string Find(string program, string debianPackage, string brewPackage)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(ExtraFolders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"{program} is not installed. Debian and Ubuntu: sudo apt-get install -y --no-install-recommends {debianPackage}. "
                + $"macOS: brew install {brewPackage}.");
    }
}
