using System.Diagnostics;
using System.Runtime.Versioning;

namespace AiPlatform.Distributed.Tests;

/// <summary>What the nightly run makes of its results: the report with what was spent, and when a night was no good one.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LiveReportTests : IDisposable
{
    private const string Passed = """<UnitTestResult testName="A" outcome="Passed" />""";
    private const string Failed = """<UnitTestResult testName="B" outcome="Failed" />""";
    private const string Skipped = """
        <UnitTestResult testName="C" outcome="NotExecuted">
          <Output><ErrorInfo><Message>No key.</Message></ErrorInfo></Output>
        </UnitTestResult>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-live-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Report_SomePassed_TellsCountsReasonsAndCostAndIsGood() => Assert.Equal(
        (0, """
            | live tests | |
            |---|---|
            | passed | 1 |
            | failed | 0 |
            | skipped | 2 |
            | skipped: No key. | 2 |
            | calls | 2 |
            | tokens in | 150 |
            | tokens out | 30 |
            | cost | 0.0035 USD |

            """, ""),
        await ReportAsync([Passed, Skipped, Skipped], "A\tm\t100\t20\t0.0025\nA\tm\t50\t10\t0.0010\n"));

    [Fact]
    public async Task Report_AllWereSkipped_IsNoGoodNight()
    {
        var (exitCode, _, error) = await ReportAsync([Skipped, Skipped], "");

        Assert.Equal((1, "No live test ran: all 2 were skipped, for the reasons above.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Report_OneFailed_IsNoGoodNight()
    {
        var (exitCode, _, error) = await ReportAsync([Passed, Failed], "");

        Assert.Equal((1, "A live test failed.\n"), (exitCode, error));
    }

    private async Task<(int ExitCode, string Output, string Error)> ReportAsync(string[] results, string spent)
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".ci"));
        Directory.CreateDirectory(Path.Combine(_folder, "artifacts/test-results"));
        var script = Path.Combine(_folder, ".ci/live");
        File.Copy(Path.Combine(Checkout.Folder, ".ci/live"), script);
        await File.WriteAllLinesAsync(Path.Combine(_folder, "artifacts/test-results/Some.Tests.trx"), results);
        await File.WriteAllTextAsync(Path.Combine(_folder, "artifacts/live-spent.tsv"), spent);
        var start = new ProcessStartInfo("bash", [script, "--report"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("GITHUB_STEP_SUMMARY");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
