using System.Globalization;
using AiPlatform.Browser.Tests.Telemetry;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

/// <summary>How long a big trace takes to open and how much memory a page of a busy system takes. The figures go to docs/measurements.md.</summary>
[Collection(DashboardTests.Name)]
[Trait("Category", "load")]
public sealed class PageLoadTests(DashboardFixture dashboard, ITestOutputHelper output) : IDisposable
{
    private const int Visits = 9;
    private const int Batch = 100;
    private const int KeptLogs = 20_000;
    private const int ReadLogs = 15_000;
    private const int FollowedLogs = 8_000;
    private const int FollowedTraces = 6_000;
    private const int MaxMilliseconds = 1_000;
    private const double MaxMegabytes = 100;

    // Tells when the rows of a trace were first painted, counted from the start of the navigation.
    private const string Stopwatch = """
        new MutationObserver((_, observer) => {
          if (document.querySelector('[data-testid=span-row]')) {
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => { document.documentElement.dataset.shownAfter = performance.now(); }));
          }
        }).observe(document, { childList: true, subtree: true });
        """;

    private static readonly VisitOptions AsPeopleDo = new() { IsRecorded = false };

    // 1,000 logs or traces a second: of more a page is told only the newest.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly TelemetrySender _shop = new(dashboard.App);

    public void Dispose() => _shop.Dispose();

    [Fact]
    public Task Open_TraceOfTwoThousandSpans_IsSeenWithinASecond() => dashboard.VisitAsync(
        async page =>
        {
            var (trace, spans) = LongTrace.Make();
            await _shop.SendAsync(spans);
            await page.AddInitScriptAsync(Stopwatch);
            var times = new List<double>();

            for (var visit = 0; visit < Visits; visit++)
            {
                await page.GotoAsync("about:blank");
                await page.GotoAsync($"/traces/detail/{trace}");
                await page.Locator("[data-shown-after]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
                times.Add(await page.EvaluateAsync<double>("Number(document.documentElement.dataset.shownAfter)"));
            }

            Tell($"trace of {LongTrace.Spans} spans, from the navigation to its painted rows: first {times[0]:0} ms, median {times.Order().ElementAt(Visits / 2):0} ms, slowest of {Visits} {times.Max():0} ms");
            Assert.InRange(times.Max(), 0, MaxMilliseconds);
        },
        AsPeopleDo);

    [Fact]
    public Task Follow_LogsOfABusySystem_StaysUnderAHundredMegabytes() => dashboard.VisitAsync(
        async page =>
        {
            await SendLogsAsync(0, KeptLogs, TimeSpan.Zero);
            await page.GotoAsync($"/structuredlogs/resource/{_shop.Name}");
            await Expect(page.GetByTestId("log-row").Last).ToBeVisibleAsync();
            await AssertMemoryAsync(page, "structured logs, just opened");

            await SendLogsAsync(KeptLogs, FollowedLogs, Pace);
            await Expect(page.GetByTestId("log-row").Last).ToContainTextAsync($"Parcel {KeptLogs + FollowedLogs - 1} ");
            await AssertMemoryAsync(page, $"structured logs, after {FollowedLogs} more were followed");

            // Back through most of what is kept, a page at a time.
            var list = page.GetByRole(AriaRole.Grid);
            for (var rows = await RowsAsync(list); rows < ReadLogs; rows = await RowsAsync(list))
            {
                await list.EvaluateAsync("list => { list.scrollTop = 0; }");
                await Expect(list).Not.ToHaveAttributeAsync("aria-rowcount", rows.ToString(CultureInfo.InvariantCulture));
            }

            await AssertMemoryAsync(page, $"structured logs, with {ReadLogs} read back");
        },
        AsPeopleDo);

    [Fact]
    public Task Follow_TracesOfABusySystem_StaysUnderAHundredMegabytes() => dashboard.VisitAsync(
        async page =>
        {
            await page.GotoAsync($"/traces/resource/{_shop.Name}");
            await Expect(page.GetByTestId("empty")).ToBeVisibleAsync();
            for (var sent = 0; sent < FollowedTraces; sent += Batch)
            {
                await _shop.SendAsync([.. Enumerable.Range(sent, Batch).Select(i => new SentSpan(Ids.Trace(), $"sale {i}", i, 5) { Attributes = [("goods", "Stamps")] })]);
                await Task.Delay(Pace);
            }

            await Expect(page.GetByTestId("trace-row").First).ToContainTextAsync($"sale {FollowedTraces - 1}");
            await AssertMemoryAsync(page, $"traces, after {FollowedTraces} were followed");
        },
        AsPeopleDo);

    private static async Task<int> RowsAsync(ILocator list) => int.Parse(await list.GetAttributeAsync("aria-rowcount") ?? "0", CultureInfo.InvariantCulture);

    private async Task SendLogsAsync(int first, int count, TimeSpan pace)
    {
        for (var sent = first; sent < first + count; sent += Batch)
        {
            await _shop.SendAsync([.. Enumerable.Range(sent, Batch).Select(i => new SentLog($"Parcel {i} was sold to somebody who came in at the door, and the till was opened for it.")
            {
                TraceId = Ids.Trace(),
                SpanId = Ids.Span(),
                Attributes = [("ParcelId", Ids.Trace()), ("Till", "North"), ("{OriginalFormat}", "Parcel {ParcelId} was sold to somebody who came in at the door, and the till was opened for it.")],
            })]);
            await Task.Delay(pace);
        }
    }

    private async Task AssertMemoryAsync(IPage page, string what)
    {
        var memory = await RendererMemory.OfAsync(page);
        Tell($"{what}: script heap {memory.HeapMegabytes:0.0} MB, process {memory.PrivateMegabytes:0.0} MB of its own, {memory.Nodes} nodes");
        Assert.InRange(memory.PrivateMegabytes, 0, MaxMegabytes);
    }

    private void Tell(FormattableString figure)
    {
        var text = figure.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
