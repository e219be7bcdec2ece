using System.Diagnostics;
using System.Text.Json;

namespace AiPlatform.Tests.Common;

/// <summary>A program of tests/Clients in a process of its own: a line in, a line out.</summary>
public sealed class NodeProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private NodeProgram(Process process) => _process = process;

    /// <param name="package">The npm package it is there for; missing it is an error that says how to install it.</param>
    public static NodeProgram Start(string script, string package, params string[] arguments)
    {
        var folder = FindClients();
        if (!Directory.Exists(Path.Combine(folder, "node_modules", package)))
        {
            throw new InvalidOperationException($"{package} is not installed: run `npm ci` in {folder}, or ./test.sh, which does.");
        }

        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new(Process.Start(start)!);
    }

    /// <returns>The JSON that it answers the line with.</returns>
    public async Task<JsonElement> AskAsync(string line)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
            var answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Timeout);
            return JsonElement.Parse(answer ?? throw new InvalidOperationException("node ended; its error is in the console."));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _turn.Dispose();
    }

    private static string FindClients()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        }

        return Path.Combine(folder.FullName, "tests", "Clients");
    }
}
