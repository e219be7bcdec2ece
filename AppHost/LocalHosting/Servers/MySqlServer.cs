using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Servers;

/// <summary>Starts mariadbd (or mysqld) on a data folder of its own, made at the first start.</summary>
internal static class MySqlServer
{
    private static readonly string[] Roots = ["'root'@'127.0.0.1'", "'root'@'localhost'"];

    public static async Task<ProcessSpec> PrepareAsync(MySqlServerResource server, LocalServerContext context)
    {
        var volume = server.Annotations.OfType<DataVolumeAnnotation>().LastOrDefault()?.Name;
        var isThrowAway = volume is null || context.Folders.IsThrowAway;
        var folder = context.Folders.ServerFolder(server.Name, volume);
        var data = Path.Combine(folder, "data");
        if (!Directory.Exists(data))
        {
            await InitialiseAsync(context, folder, data);
        }

        // Executed before the first connection is answered, at every start: the password in force is always the parameter's.
        var initFile = Path.Combine(context.Folders.RunFolder, $"{server.Name}.sql");
        DataFolders.WritePrivate(initFile, await InitSqlAsync(server, context.CancellationToken));
        return new ProcessSpec(
            context.Program,
            [
                .. CommonArguments(context, data),
                string.Create(CultureInfo.InvariantCulture, $"--port={context.Instance.TargetPort(MySqlServerResource.PrimaryEndpointName)}"),
                "--bind-address=127.0.0.1",
                $"--socket={Path.Combine(context.Folders.RunFolder, $"{context.Instance.Suffix}.sock")}",
                $"--pid-file={Path.Combine(context.Folders.RunFolder, $"{server.Name}.pid")}",
                $"--init-file={initFile}",
                "--skip-name-resolve",
                "--character-set-server=utf8mb4",
                "--default-time-zone=+00:00",
                "--max-connections=400",
                "--innodb-buffer-pool-size=64M",
                // Data that goes away with the run need not survive a power cut.
                $"--innodb-flush-log-at-trx-commit={(isThrowAway ? 0 : 1)}",
                "--loose-log-warnings=1",
                "--loose-mysqlx=OFF",
                "--loose-skip-log-bin",
            ],
            data);
    }

    private static string[] CommonArguments(LocalServerContext context, string data) =>
    [
        "--no-defaults",
        $"--datadir={data}",
        // A starting server removes what it takes for its own leftovers, so no two may have the same.
        $"--tmpdir={context.Folders.RunSubfolder($"{context.Instance.Suffix}-tmp")}",
        .. Environment.UserName == "root" ? ["--user=root"] : Array.Empty<string>(),
        "--innodb-log-file-size=16M",
        "--loose-aria-pagecache-buffer-size=8M",
        "--loose-performance-schema=OFF",
        "--key-buffer-size=1M",
    ];

    // Made beside its place and moved there when complete, so that an interrupted start leaves nothing half-made behind.
    private static async Task InitialiseAsync(LocalServerContext context, string folder, string data)
    {
        foreach (var abandoned in Directory.GetDirectories(folder, "new-*"))
        {
            Directory.Delete(abandoned, recursive: true);
        }

        var unfinished = Path.Combine(folder, $"new-{context.Instance.Suffix}");
        Directory.CreateDirectory(unfinished);
        var exitCode = await context.RunAsync(await MySqlInitialisation.SpecAsync(context.Program, CommonArguments(context, unfinished), folder, context.CancellationToken));
        if (exitCode != 0)
        {
            throw new DistributedApplicationException($"'{context.Program}' failed to make a data folder, exit code {exitCode}.");
        }

        Directory.Move(unfinished, data);
    }

    private static async Task<string> InitSqlAsync(MySqlServerResource server, CancellationToken cancellationToken)
    {
        var password = Literal((await server.PasswordParameter.GetValueAsync(cancellationToken))!);
        var users = Roots.SelectMany(user => new[]
        {
            $"create user if not exists {user} identified by {password};",
            $"alter user {user} identified by {password};",
            $"grant all privileges on *.* to {user} with grant option;",
        });
        var databases = server.Databases.Values.Select(name => $"create database if not exists `{name.Replace("`", "``", StringComparison.Ordinal)}` character set utf8mb4;");
        return string.Join('\n', users.Concat(databases)) + "\n";
    }

    private static string Literal(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
