using System.Diagnostics;

namespace AiPlatform.Tests.Common;

/// <summary>
/// Makes MariaDB's system tables. mariadb-install-db does the same in twice the time: it also loads help texts and the sys schema.
/// </summary>
internal static class MariaDbDataFolder
{
    private static readonly string[] Scripts = ["mysql_system_tables.sql", "mysql_system_tables_data.sql"];

    public static async Task InitialiseAsync(
        string program, string folder, IReadOnlyList<string> arguments, string password, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--no-defaults", "--bootstrap", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var log = process.StandardError.ReadToEndAsync(cancellationToken);

        // Bootstrap reads one statement to a line end; grants exist only once they are flushed.
        await process.StandardInput.WriteAsync("create database mysql;\nuse mysql;\nset @auth_root_socket=null;\n".AsMemory(), cancellationToken);
        foreach (var script in Scripts)
        {
            await process.StandardInput.WriteAsync((await ReadScriptAsync(program, script, cancellationToken)).AsMemory(), cancellationToken);
        }

        var account = $"""

            flush privileges;
            create or replace user root@'127.0.0.1' identified by '{password}';
            grant all on *.* to root@'127.0.0.1' with grant option;

            """;
        await process.StandardInput.WriteAsync(account.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"MariaDB could not initialise {folder}:\n{await log}");
        }
    }

    private static async Task<string> ReadScriptAsync(string program, string script, CancellationToken cancellationToken)
    {
        var prefix = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(program)!, ".."));
        string[] folders = [Path.Combine(prefix, "share/mysql"), Path.Combine(prefix, "share/mariadb"), "/usr/share/mysql", "/usr/share/mariadb"];
        var path = folders.Select(folder => Path.Combine(folder, script)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"MariaDB's {script} is in none of {string.Join(", ", folders)}.");
        return await File.ReadAllTextAsync(path, cancellationToken);
    }
}
