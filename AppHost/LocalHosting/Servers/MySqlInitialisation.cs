using System.Text;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Servers;

/// <summary>How a new data folder is made: MariaDB's own system tables fed to it directly, else by its script; MySQL does it by itself.</summary>
internal static class MySqlInitialisation
{
    private static readonly string[] SystemTables = ["mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql"];

    public static async Task<ProcessSpec> SpecAsync(string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        // A third of the time of the script, which loads help texts and views nobody here reads.
        if (Path.GetFileName(program) == "mariadbd" && SystemTablesFolder(program) is { } tables)
        {
            var sql = new StringBuilder("create database mysql;\nuse mysql;\nset @auth_root_socket=null;\n");
            foreach (var file in SystemTables)
            {
                sql.AppendLine(await File.ReadAllTextAsync(Path.Combine(tables, file), cancellationToken));
            }

            return new ProcessSpec(program, [.. arguments, "--bootstrap", "--loose-log-warnings=0"], folder) { StandardInput = sql.ToString() };
        }

        return (Programs.Find("mariadb-install-db") ?? Programs.Find("mysql_install_db")) is { } script
            ? new ProcessSpec(script, [.. arguments, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"], folder)
            : new ProcessSpec(program, [.. arguments, "--initialize-insecure"], folder);
    }

    private static string? SystemTablesFolder(string program)
    {
        var real = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        var prefix = Path.GetDirectoryName(Path.GetDirectoryName(real)) ?? "/usr";
        return new[] { prefix, "/usr" }
            .SelectMany(p => new[] { Path.Combine(p, "share", "mysql"), Path.Combine(p, "share", "mariadb") })
            .FirstOrDefault(folder => SystemTables.All(file => File.Exists(Path.Combine(folder, file))));
    }
}
