using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
#if ASPIRE_PACKAGES
using MySqlConnector;
#else
using MySql.Data.MySqlClient;
#endif

namespace AiPlatform.Tests.Common;

/// <summary>
/// A private MariaDB. The shared one of <see cref="DataServers"/> must stay up; a test that stops, kills or freezes MySQL starts its own.
/// </summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    private static readonly string[] Small = ["--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M"];

    // What tables of a few GiB want.
    private static readonly string[] Large = ["--innodb-buffer-pool-size=2G", "--innodb-log-file-size=1G"];

    private readonly string _folder;
    private readonly string _kept;
    private readonly string _password;
    private readonly string[] _memory;
    private GuardedProcess? _process;

    private MariaDbServer(string folder, string kept, string password, string[] memory)
    {
        _folder = folder;
        _kept = kept;
        _password = password;
        _memory = memory;
        Port = FreePort.Next();
    }

    public int Port { get; }

    public int ProcessId => Process.ProcessId;

    /// <summary>Without a database.</summary>
    public string ConnectionString => $"Server=127.0.0.1;Port={Port};User ID=root;Password={_password}";

    public static async Task<MariaDbServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var folder = ServerFolder.Create("mysql");
        var server = new MariaDbServer(folder, folder, RandomNumberGenerator.GetHexString(32, lowercase: true), Small);
        await server.PrepareAsync(cancellationToken);
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    /// <summary>One whose data stays in <paramref name="kept"/> for the next time, with memory for much of it. Ends as an operator would end it.</summary>
    public static async Task<MariaDbServer> StartKeptAsync(string kept, CancellationToken cancellationToken = default)
    {
        var passwordFile = Path.Combine(kept, "password");
        if (!File.Exists(passwordFile))
        {
            Directory.CreateDirectory(kept);
            File.WriteAllText(passwordFile, RandomNumberGenerator.GetHexString(32, lowercase: true));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        var server = new MariaDbServer(ServerFolder.Create("mysql"), kept, await File.ReadAllTextAsync(passwordFile, cancellationToken), Large);

        // The script is there until its tables are: what it made of them before it broke off is no use.
        if (File.Exists(server.BootstrapFile) && Directory.Exists(server.DataFolder))
        {
            Directory.Delete(server.DataFolder, recursive: true);
        }

        if (!Directory.Exists(server.DataFolder))
        {
            await server.PrepareAsync(cancellationToken);
        }

        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts it on the same port with what it held; after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        // Commits are written to the kernel and never synced: they survive the death of the process, and cost no disk.
        string[] arguments =
        [
            "--no-defaults", $"--datadir={DataFolder}", $"--tmpdir={_folder}", .. Environment.UserName == "root" ? (string[])["--user=root"] : [],
            $"--port={Port}", "--bind-address=127.0.0.1", "--socket=mysql.sock", "--skip-name-resolve", "--max-connections=400",
            "--character-set-server=utf8mb4", "--default-time-zone=+00:00",
            .. _memory, "--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=2",
            "--skip-innodb-doublewrite", "--skip-log-bin", "--performance-schema=off",
        ];
        _process = await GuardedProcess.StartAsync(
            _folder, Path.Combine(_folder, "mysql.log"), ServerProgram.MariaDb(), arguments, BootstrapFile, cancellationToken);
        await _process.WaitUntilReadyAsync(AnswersAsync, cancellationToken);
    }

    /// <summary>Asks it to end, as an operator would.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => Process.EndAsync("TERM", cancellationToken);

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => Process.EndAsync("KILL", cancellationToken);

    /// <summary>Stops it from answering while its connections stay open.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken = default) => Process.SignalAsync("STOP", cancellationToken);

    public Task ThawAsync(CancellationToken cancellationToken = default) => Process.SignalAsync("CONT", cancellationToken);

    /// <returns>The connection string of a fresh, empty database whose name starts with the prefix.</returns>
    public async Task<string> CreateDatabaseAsync(string prefix, CancellationToken cancellationToken = default)
    {
        var database = $"{prefix}_{Guid.CreateVersion7():N}";
        await EnsureDatabaseAsync(database, cancellationToken);
        return $"{ConnectionString};Database={database}";
    }

    /// <summary>Makes the database of that name unless it is there.</summary>
    public Task EnsureDatabaseAsync(string database, CancellationToken cancellationToken = default) =>
        // The driver's asynchronous methods block the thread, so it gets one that may be blocked.
        Task.Run(() => Execute($"create database if not exists `{database}` character set utf8mb4"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (_kept != _folder && _process.IsGuarded)
            {
                await _process.EndAsync("TERM", CancellationToken.None);
            }

            await _process.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private GuardedProcess Process => _process ?? throw new InvalidOperationException("MariaDB was not started.");

    private string DataFolder => Path.Combine(_kept, "data");

    private string BootstrapFile => Path.Combine(_kept, "bootstrap.sql");

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var script = await MariaDbBootstrap.ReadAsync(ServerProgram.MariaDb(), cancellationToken);
        await File.WriteAllTextAsync(BootstrapFile, script + MariaDbBootstrap.Account(_password), cancellationToken);
        Directory.CreateDirectory(DataFolder);
    }

    private void Execute(string statement)
    {
        using var connection = new MySqlConnection($"{ConnectionString};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is made above; a database's name cannot be a parameter.
        command.CommandText = $"set names utf8mb4; set character_set_results=utf8mb4; {statement}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    // A server that listens sends its greeting without being asked.
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return await client.GetStream().ReadAsync(new byte[16], cancellationToken) > 4;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
