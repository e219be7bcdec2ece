using AiPlatform.Browser.Tests.Telemetry;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

[Collection(DashboardTests.Name)]
public sealed class MetricsPageTests(DashboardFixture dashboard) : IDisposable
{
    private readonly TelemetrySender _shop = new(dashboard.App);

    private string Page => $"/metrics/resource/{_shop.Name}";

    public void Dispose() => _shop.Dispose();

    [Fact]
    public Task Choose_Instrument_DrawsALineForEachDimensionAndTellsItsValues() => dashboard.VisitAsync(async page =>
    {
        await _shop.SendMetricsAsync(
            SentMetrics.UpDown("shop.parcels", "{parcel}", [(Ago(20), 3, "small"), (Ago(10), 4, "small"), (Ago(20), 1, "large"), (Ago(10), 2, "large")]),
            SentMetrics.UpDown("shop.weight", "By", [(Ago(10), 5 * 1024 * 1024, "small")]));
        await page.GotoAsync(Page);
        await Expect(page.GetByTestId("instrument")).ToHaveTextAsync(["shop.parcels", "shop.weight"]);

        await page.GetByTestId("instrument").First.ClickAsync();

        await Expect(page.GetByTestId("instrument-name")).ToHaveTextAsync("shop.parcels");
        await Expect(page.Locator(".chart-line")).ToHaveCountAsync(2);
        await Expect(page.GetByTestId("series").Locator("tbody td")).ToHaveTextAsync(["small", "4", "large", "2"]);

        await page.GetByTestId("series").GetByRole(AriaRole.Checkbox, new() { Name = "large" }).UncheckAsync();

        await Expect(page.Locator(".chart-line")).ToHaveCountAsync(1);

        await page.GetByTestId("tab-table").ClickAsync();

        await Expect(page.GetByTestId("metric-values").Locator("tbody td")).ToHaveTextAsync(["4", "3"]);

        await page.GetByTestId("instrument").Last.ClickAsync();

        await Expect(page.GetByTestId("metric-values").Locator("tbody td")).ToHaveTextAsync(["5 MiB"]);
    });

    [Fact]
    public Task Choose_Histogram_DrawsPercentilesAndLeadsToTheTraceOfAnExemplar() => dashboard.VisitAsync(async page =>
    {
        var sale = new SentSpan(Ids.Trace(), "sell", 0, 100);
        await _shop.SendAsync(sale);
        await _shop.SendMetricsAsync(SentMetrics.Durations(
            "shop.sale.duration", [(Ago(20), [0, 0, 0, 0]), (Ago(10), [0, 10, 0, 0])], (Ago(11), 0.05, sale.TraceId, sale.Id)));
        await page.GotoAsync($"{Page}?meter=tests&instrument=shop.sale.duration&instrumentResource={_shop.Name}");

        // Ten between 10 and 100 ms, and nothing known of where.
        await Expect(page.GetByTestId("series").Locator("tbody td")).ToHaveTextAsync(["all", "10", "55 ms", "91 ms", "99.1 ms"]);
        await Expect(page.Locator(".chart-line")).ToHaveCountAsync(3);

        await page.GetByTestId("exemplar").ClickAsync();

        await Expect(page).ToHaveURLAsync($"{dashboard.Url}/traces/detail/{sale.TraceId}?span={sale.Id}");
    });

    [Fact]
    public Task Receive_PointsWhileTheChartIsOpen_DrawsThemAndNoneWhilePaused() => dashboard.VisitAsync(async page =>
    {
        await _shop.SendMetricsAsync(SentMetrics.UpDown("shop.parcels", "{parcel}", [(Ago(20), 3, "small")]));
        await page.GotoAsync(Page);
        await Expect(page.GetByTestId("series").Locator("tbody td")).ToHaveTextAsync(["small", "3"]);

        await _shop.SendMetricsAsync(SentMetrics.UpDown("shop.parcels", "{parcel}", [(Ago(10), 8, "small")]));

        await Expect(page.GetByTestId("series").Locator("tbody td")).ToHaveTextAsync(["small", "8"]);

        await page.GetByTestId("pause").ClickAsync();
        await _shop.SendMetricsAsync(SentMetrics.UpDown("shop.parcels", "{parcel}", [(Ago(5), 9, "small")]));

        await Expect(page.GetByTestId("pause").GetByRole(AriaRole.Img, new() { Name = "There is something new" })).ToBeVisibleAsync();
        await Expect(page.GetByTestId("series").Locator("tbody td")).ToHaveTextAsync(["small", "8"]);

        await page.GetByTestId("pause").ClickAsync();

        await Expect(page.GetByTestId("series").Locator("tbody td")).ToHaveTextAsync(["small", "9"]);
    });

    [Fact]
    public Task Format_ValuesOfUnits_ReadAsPeopleWriteThem() => dashboard.VisitAsync(async page =>
    {
        (double Value, string Unit, string Expected)[] cases =
        [
            (0.0000425, "s", "42.5 µs"), (0, "s", "0 s"), (90, "s", "1.5 min"), (250, "ms", "250 ms"),
            (1_536, "By", "1.5 KiB"), (12_345, "{request}", "12.3k"), (87.5, "%", "87.5 %"),
        ];
        await page.GotoAsync("/metrics");

        var written = await page.EvaluateAsync<string[]>(
            "async ([values, units]) => { const { formatValue } = await import('/pages/metrics/units.js'); return values.map((value, i) => formatValue(value, units[i])); }",
            new object[] { cases.Select(one => one.Value).ToArray(), cases.Select(one => one.Unit).ToArray() });

        Assert.Equal(cases.Select(one => one.Expected), written);
    });

    private static DateTimeOffset Ago(int seconds) => DateTimeOffset.UtcNow.AddSeconds(-seconds);
}
