using AiPlatform.Browser.Tests.Telemetry;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiPlatform.Browser.Tests;

/// <summary>Logs, traces and metrics on a telephone: everything has its place, and nothing scrolls sideways.</summary>
[Collection(DashboardTests.Name)]
public sealed class NarrowTelemetryTests(DashboardFixture dashboard) : IDisposable
{
    private readonly TelemetrySender _shop = new(dashboard.App);

    public void Dispose() => _shop.Dispose();

    [Fact]
    public Task Look_AtEachPage_FitsIntoTheWidth() => dashboard.VisitAsync(
        async page =>
        {
            var sale = new SentSpan(Ids.Trace(), $"sell {string.Join(' ', Enumerable.Repeat("stamps and parcels", 8))}", 0, 100) { Attributes = [("goods", new string('x', 300))] };
            await _shop.SendAsync(sale);
            await _shop.SendAsync(new SentLog(new string('y', 400)) { TraceId = sale.TraceId, SpanId = sale.Id });
            await _shop.SendMetricsAsync(SentMetrics.UpDown($"shop.{new string('z', 80)}", "{parcel}", [(DateTimeOffset.UtcNow.AddSeconds(-5), 3, "small")]));

            await AssertFitsAsync($"/structuredlogs/resource/{_shop.Name}", page.GetByTestId("log-row"));
            await page.GetByTestId("log-row").ClickAsync();
            await AssertFitsAsync(null, page.GetByTestId("detail-panel"));
            await AssertFitsAsync($"/traces/resource/{_shop.Name}", page.GetByTestId("trace-row"));
            await AssertFitsAsync($"/traces/detail/{sale.TraceId}", page.GetByTestId("span-row"));
            await page.GetByTestId("span-row").ClickAsync();
            await AssertFitsAsync(null, page.GetByTestId("detail-panel"));
            await AssertFitsAsync($"/metrics/resource/{_shop.Name}", page.Locator(".chart-plot"));

            async Task AssertFitsAsync(string? path, ILocator seen)
            {
                if (path is not null)
                {
                    await page.GotoAsync(path);
                }

                await Expect(seen).ToBeVisibleAsync();
                var box = await seen.BoundingBoxAsync();
                Assert.InRange(box!.X, 0, VisitOptions.Narrow.Width);
                Assert.InRange(box.X + box.Width, 0, VisitOptions.Narrow.Width);
                Assert.Equal(VisitOptions.Narrow.Width, await page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"));
            }
        },
        VisitOptions.Narrow);
}
