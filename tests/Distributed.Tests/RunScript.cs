using System.Diagnostics;

namespace AiPlatform.Distributed.Tests;

/// <summary>
/// run.sh as a user calls it, in a checkout of its own: the scripts are copied, what was built is linked. So it stands beside
/// whatever runs in the real checkout.
/// </summary>
internal sealed class RunScript : IAsyncDisposable
{
    // A developer's own model key must not be spent, and the real checkout's data not be touched.
    private static readonly string[] Settings = ["--LocalHosting:ThrowAwayData=true", "--Models:OpenAi:BaseUrl=", "--Models:OpenAi:ApiKey="];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-run-").FullName;

    public RunScript()
    {
        var real = Checkout.Folder;
        foreach (var folder in (string[])[".ci", "AppHost", "artifacts"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        }

        foreach (var file in (string[])["run.sh", ".ci/prepare.sh"])
        {
            File.Copy(Path.Combine(real, file), Path.Combine(_folder, file));
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder, "artifacts/local"), Path.Combine(real, "artifacts/local"));
    }

    public string LogFile => Path.Combine(_folder, "artifacts/run.log");

    public string RunFile => Path.Combine(_folder, "artifacts/run.json");

    public async Task<(int ExitCode, string Output)> RunAsync(string mode, params string[] more)
    {
        string[] settings = mode == "--stop" ? [] : ["--", .. Settings, .. more];
        var start = new ProcessStartInfo("bash", [Path.Combine(_folder, "run.sh"), "--no-build", mode, .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(bound.Token);
        var error = process.StandardError.ReadToEndAsync(bound.Token);
        await process.WaitForExitAsync(bound.Token);
        return (process.ExitCode, await output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("--stop");
        Directory.Delete(_folder, recursive: true);
    }
}
