using System.Globalization;
using Microsoft.Playwright;

namespace AiPlatform.Browser.Tests;

/// <summary>What a page costs: the heap of its script after a collection, and what its process has for itself alone.</summary>
internal sealed record RendererMemory(double HeapMegabytes, double PrivateMegabytes, int Nodes)
{
    public static async Task<RendererMemory> OfAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("HeapProfiler.collectGarbage");
        await devTools.SendAsync("Performance.enable");
        var metrics = (await devTools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
        return new(metrics["JSHeapUsedSize"] / 1e6, await PrivateAsync(page.Context.Browser!), (int)metrics["Nodes"]);
    }

    // The browser keeps a spare process for the next page: that of the page is the biggest.
    private static async Task<double> PrivateAsync(IBrowser browser)
    {
        var devTools = await browser.NewBrowserCDPSessionAsync();
        var processes = (await devTools.SendAsync("SystemInfo.getProcessInfo"))!.Value.GetProperty("processInfo").EnumerateArray();
        return processes.Where(process => process.GetProperty("type").GetString() == "renderer").Max(process => Private(process.GetProperty("id").GetInt32()));
    }

    // Private_Dirty:      43512 kB
    private static double Private(int process) => File.ReadLines($"/proc/{process}/smaps_rollup")
        .Where(line => line.StartsWith("Private_", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) * 1_024 / 1e6;
}
