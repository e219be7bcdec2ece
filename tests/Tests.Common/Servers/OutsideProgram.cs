using System.Net.Sockets;

namespace AiPlatform.Tests.Common;

/// <summary>Somebody else's server in a private folder and on a free port, gone with the process that started it.</summary>
public sealed class OutsideProgram : IAsyncDisposable
{
    private readonly string _folder;
    private readonly GuardedProcess _process;

    private OutsideProgram(string folder, int port, GuardedProcess process) => (_folder, Port, _process) = (folder, port, process);

    public int Port { get; }

    public int ProcessId => _process.ProcessId;

    /// <param name="arguments">Of the folder, which is made for it, and the port.</param>
    /// <returns>Once it takes connections.</returns>
    public static async Task<OutsideProgram> StartAsync(
        string name, string program, Func<string, int, IEnumerable<string>> arguments, CancellationToken cancellationToken = default)
    {
        var (port, folder) = (FreePort.Next(), ServerFolder.Create(name));
        var process = await GuardedProcess.StartAsync(folder, Path.Combine(folder, $"{name}.log"), program, arguments(folder, port), bootstrap: "", cancellationToken);
        await process.WaitUntilReadyAsync(token => AnswersAsync(port, token), cancellationToken);
        return new(folder, port, process);
    }

    public async ValueTask DisposeAsync()
    {
        // Asked, so that one with processes of its own ends them too.
        await _process.EndAsync("TERM", CancellationToken.None);
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();

        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
