using System.Diagnostics;
using System.Text.Json;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Api.Tests.Identity;

/// <summary>The npm package jose in a process of its own, reading our key set over HTTP: tests/Clients/verify-token.mjs.</summary>
internal sealed class Jose : IAsyncDisposable
{
    private readonly Process _process;

    private Jose(Process process) => _process = process;

    public static Jose Start(Uri keys, string issuer = "https://aiplatform.local", string audience = "aiplatform")
    {
        var folder = FindClients();
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "jose")))
        {
            throw new InvalidOperationException($"jose is not installed: run `npm ci` in {folder}, or ./test.sh, which does.");
        }

        var start = new ProcessStartInfo("node", ["verify-token.mjs", keys.ToString(), issuer, audience])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new(Process.Start(start)!);
    }

    /// <returns><c>{"header":...,"claims":...}</c>, or <c>{"refused":"ERR_..."}</c>.</returns>
    public async Task<JsonElement> VerifyAsync(string token)
    {
        await _process.StandardInput.WriteLineAsync(token);
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Timeout);
        return JsonElement.Parse(answer ?? throw new InvalidOperationException("node ended; its error is in the console."));
    }

    public async Task<string?> RefusalAsync(string token) =>
        (await VerifyAsync(token)).TryGetProperty("refused", out var code) ? code.GetString() : null;

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
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
