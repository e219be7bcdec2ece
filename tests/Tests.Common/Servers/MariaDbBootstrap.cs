namespace AiPlatform.Tests.Common;

/// <summary>
/// What makes MariaDB's system tables. mariadb-install-db does the same in twice the time: it also loads help texts and the sys schema.
/// </summary>
internal static class MariaDbBootstrap
{
    private static readonly string[] Scripts = ["mysql_system_tables.sql", "mysql_system_tables_data.sql"];

    // Bootstrap reads one statement to a line end.
    private const string Beginning = "create database mysql;\nuse mysql;\nset @auth_root_socket=null;\n";

    public static async Task<string> ReadAsync(string program, CancellationToken cancellationToken)
    {
        var prefix = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(program)!, ".."));
        string[] folders = [Path.Combine(prefix, "share/mysql"), Path.Combine(prefix, "share/mariadb"), "/usr/share/mysql", "/usr/share/mariadb"];
        var folder = folders.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, Scripts[0])))
            ?? throw new InvalidOperationException($"MariaDB's {Scripts[0]} is in none of {string.Join(", ", folders)}.");
        var texts = await Task.WhenAll(Scripts.Select(script => File.ReadAllTextAsync(Path.Combine(folder, script), cancellationToken)));
        return Beginning + string.Concat(texts);
    }

    /// <summary>The one account that connects over TCP. Grants exist during bootstrap only once they are flushed.</summary>
    public static string Account(string password) => $"""

        flush privileges;
        create or replace user root@'127.0.0.1' identified by '{password}';
        grant all on *.* to root@'127.0.0.1' with grant option;

        """;
}
