using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Tests.Common;

/// <summary>
/// A private redis-server. The shared one of <see cref="DataServers"/> must stay up; a test that stops, kills or freezes Redis starts its own.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _password;
    private GuardedProcess? _process;

    private RedisServer(string folder, int port, string password)
    {
        _folder = folder;
        Port = port;
        _password = password;
    }

    public int Port { get; }

    /// <summary>In the form the hosts inject.</summary>
    public string ConnectionString => $"localhost:{Port},password={_password}";

    /// <summary>What it has written; to be changed only while it does not run.</summary>
    public RedisData Data => new(_folder);

    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new RedisServer(ServerFolder.Create("redis"), FreePort.Next(), RandomNumberGenerator.GetHexString(32, lowercase: true));
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts it on the same port with what it held; after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        // Written to the kernel before each answer and never synced: survives the death of the process, costs no disk.
        string[] arguments =
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--requirepass", _password,
            "--save", "", "--appendonly", "yes", "--appendfsync", "no", "--daemonize", "no",
        ];
        _process = await GuardedProcess.StartAsync(
            _folder, Path.Combine(_folder, "redis.log"), ServerProgram.Redis(), arguments, bootstrap: "", cancellationToken);
        await _process.WaitUntilReadyAsync(AnswersAsync, cancellationToken);
    }

    /// <summary>Asks it to end, as an operator would.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => Process.EndAsync("TERM", cancellationToken);

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => Process.EndAsync("KILL", cancellationToken);

    /// <summary>Stops it from answering while its connections stay open.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken = default) => Process.SignalAsync("STOP", cancellationToken);

    public Task ThawAsync(CancellationToken cancellationToken = default) => Process.SignalAsync("CONT", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private GuardedProcess Process => _process ?? throw new InvalidOperationException("Redis was not started.");

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {_password}\r\nPING\r\n"), cancellationToken);

            // +OK, then +PONG; while it loads its file: -LOADING
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(cancellationToken) == "+OK" && await reader.ReadLineAsync(cancellationToken) == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
