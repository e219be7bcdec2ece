using System.Net;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard.History;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class HistoryTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder = Directory.CreateTempSubdirectory("lh-tests-").FullName;

    private string Root => Path.Combine(_folder, "dashboard");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_ThatEnded_CanBeReadInTheNextWithItsConsole()
    {
        var first = await StartAsync(builder => builder.AddShell("job", "echo done in the first run"));
        await first.App.WaitForEndAsync("job");
        await first.SendAsync("traces", Otlp.Request("chat", Otlp.Span(1, 1, "kept", startMs: 5)));
        await first.SendAsync("logs", Otlp.Request("chat", Otlp.Log("Kept too.", trace: 1)));
        await first.SendAsync("metrics", Otlp.Request("chat", Otlp.Gauge("g", [Otlp.Point((ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * Otlp.Millisecond, 3)])));
        await first.DisposeAsync();
        var second = await StartAsync();
        await second.SendAsync("traces", Otlp.Request("chat", Otlp.Span(2, 2, "of now")));

        var runs = (await second.ReadAsync("/api/runs")).AsArray();
        var run = runs[1]!["id"]!.GetValue<string>();
        var traces = await second.ReadAsync($"/api/traces?run={run}");
        var trace = await second.ReadAsync($"/api/traces/{Otlp.TraceId(1)}?run={run}");
        var logs = await second.ReadAsync($"/api/structuredlogs?run={run}");
        var series = await second.ReadAsync($"/api/metrics/series?resource=chat&meter=tests&name=g&run={run}");
        var console = await second.ReadAsync($"/api/consolelogs?resource=job&run={run}");
        var ofNow = await second.ReadAsync("/api/traces");
        var ofNowByItsId = await second.ReadAsync($"/api/traces?run={runs[0]!["id"]}");
        await second.DisposeAsync();

        Assert.Equal([(true, 1, 0), (false, 1, 1)], runs.Select(r => (r!["isCurrent"]!.GetValue<bool>(), r["spans"]!.GetValue<int>(), r["logs"]!.GetValue<int>())));
        Assert.True(runs[1]!["end"]!.GetValue<double>() >= runs[1]!["start"]!.GetValue<double>() && runs[0]!["end"] is null);
        Assert.Equal(["kept"], Names(traces));
        Assert.Equal("Kept too.", trace["logs"]!.AsArray().Single()!["message"]!.GetValue<string>());
        Assert.Equal("Kept too.", logs["items"]!.AsArray().Single()!["message"]!.GetValue<string>());
        Assert.Equal(3, series["dimensions"]![0]!["points"]![0]![1]!.GetValue<double>());
        Assert.Contains("done in the first run", console["lines"]!.AsArray().Select(l => l!["text"]!.GetValue<string>()));
        Assert.Equal(["of now"], Names(ofNow));
        Assert.Equal(["of now"], Names(ofNowByItsId));
    }

    [Fact]
    public async Task Folder_OfARun_IsItsUsersOnly()
    {
        var host = await StartAsync();
        await host.SendAsync("traces", Otlp.Request("chat", Otlp.Span(1, 1, "kept")));
        await host.DisposeAsync();

        var folder = Assert.Single(Directory.GetDirectories(Root));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(["newer.records", "run.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Runs_MoreThanAreKept_LoseTheOldest()
    {
        foreach (var id in (string[])["20260101-000001-aaaa", "20260101-000002-bbbb", "20260101-000003-cccc"])
        {
            var run = new KeptRun(Path.Combine(Root, id));
            run.Create();
            run.Describe(new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0, 0));
        }

        var host = await StartAsync(builder => builder.Configuration["LocalHosting:History:Runs"] = "3");
        var current = (await host.ReadAsync("/api/runs"))[0]!["id"]!.GetValue<string>();
        await host.DisposeAsync();

        Assert.Equal(["20260101-000002-bbbb", "20260101-000003-cccc", current], Directory.GetDirectories(Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Host_WithThrowAwayData_KeepsNothingAndListsItself()
    {
        var host = await DashboardHost.StartAsync(builder => builder.Configuration["LocalHosting:DataFolder"] = _folder);
        await host.SendAsync("traces", Otlp.Request("chat", Otlp.Span(1, 1, "gone")));
        var runs = await host.ReadAsync("/api/runs");
        await host.DisposeAsync();

        Assert.Equal((true, 0), (runs.AsArray().Single()!["isCurrent"]!.GetValue<bool>(), runs[0]!["bytes"]!.GetValue<int>()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("..")]
    [InlineData("..%2F..%2Fetc")]
    public async Task Run_ThatIsNone_IsNotFound(string id)
    {
        var host = await StartAsync();
        HttpStatusCode[] answers = [await host.StatusAsync($"/api/traces?run={id}"), await host.StatusAsync($"/api/consolelogs?run={id}")];
        await host.DisposeAsync();

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotFound, answer));
    }

    [Fact]
    public async Task Recorder_BeyondTheBytesOfARun_KeepsTheNewest()
    {
        var run = new KeptRun(Path.Combine(Root, "run"));
        run.Create();
        var recorder = new RunRecorder(maxBytes: 20_000);
        var noise = new byte[3_000];
        for (var i = 0; i < 20; i++)
        {
            new Random(i).NextBytes(noise);
            recorder.Add(HistoryKind.Logs, [(byte)i, .. noise]);
        }

        recorder.Complete();
        await recorder.WriteAsync(run, () => { }, TestHosts.InTime());

        var kept = run.Records().Select(r => (int)r.Content[0]).ToList();
        Assert.Equal(Enumerable.Range(20 - kept.Count, kept.Count), kept);
        Assert.InRange(run.Bytes, 9_000, 26_000);
        Assert.Equal(0, recorder.Lost);
    }

    [Fact]
    public void Recorder_FasterThanTheDisk_LeavesOutAndCounts()
    {
        var recorder = new RunRecorder(maxBytes: 1_000_000);
        var large = new byte[10 * 1024 * 1024];

        for (var i = 0; i < 5; i++)
        {
            recorder.Add(HistoryKind.Traces, large);
        }

        Assert.Equal(2, recorder.Lost);
    }

    [Fact]
    public async Task Records_CutByAKill_AreReadUntilThere()
    {
        var run = new KeptRun(Path.Combine(Root, "run"));
        run.Create();
        await File.WriteAllBytesAsync(run.Newer, [.. HistoryRecords.Pack(HistoryKind.Traces, [1, 2]), .. HistoryRecords.Pack(HistoryKind.Logs, [3]), .. HistoryRecords.Pack(HistoryKind.Logs, [4])[..^2]]);

        Assert.Equal(["Traces 0102", "Logs 03"], run.Records().Select(r => $"{r.Kind} {Convert.ToHexString(r.Content)}"));
    }

    private static IEnumerable<string> Names(JsonNode page) => page["items"]!.AsArray().Select(i => i!["name"]!.GetValue<string>());

    // With a server that keeps data: only a host that holds the folder keeps its run.
    private Task<DashboardHost> StartAsync(Action<IDistributedApplicationBuilder>? configure = null) => DashboardHost.StartAsync(
        builder =>
        {
            builder.AddRedis("redis").WithDataVolume();
            configure?.Invoke(builder);
        },
        TestHosts.CreateKeeping(_folder));
}
