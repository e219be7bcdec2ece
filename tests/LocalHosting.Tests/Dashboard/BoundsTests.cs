using Aspire.Hosting.Dashboard.Telemetry;
using AiPlatform.Tests.Common;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class BoundsTests
{
    [Fact]
    public void Spans_TooMany_KeepTheNewestAndCountTheDropped()
    {
        var store = Store(new() { MaxSpans = 3 });

        for (var i = 1; i <= 5; i++)
        {
            Take(store, Signal.Traces, Otlp.Request("chat", Otlp.Span(i, i, $"span {i}")));
        }

        Assert.Equal(["span 3", "span 4", "span 5"], store.Spans.After(0).Select(s => s.Name));
        Assert.Equal((3, 5L, 2L), (store.Spans.Statistics.Count, store.Spans.Statistics.Received, store.Spans.Statistics.Dropped));
        Assert.Null(store.Spans.Find(TraceIdOf(2)));
        Assert.Equal([3, 4, 5], store.Spans.Summaries().Select(s => (int)s.Id.Low).Order());
    }

    [Fact]
    public void Traces_ChangedWhileNobodyWantsToKnow_AreForgottenAndLaterOnesTold()
    {
        var store = Store(new());

        Take(store, Signal.Traces, Otlp.Request("chat", Otlp.Span(1, 1, "unheard")));
        var unheard = store.Spans.TakeChanged(() => false);
        Take(store, Signal.Traces, Otlp.Request("chat", Otlp.Span(2, 2, "heard")));
        var heard = store.Spans.TakeChanged(() => true);

        Assert.Empty(unheard);
        Assert.Equal([2], heard.Select(trace => (int)trace.Id.Low));
        Assert.Empty(store.Spans.TakeChanged(() => true));
    }

    [Fact]
    public void Spans_TooManyBytes_KeepTheNewestWithinTheBound()
    {
        var store = Store(new() { MaxSpanBytes = 10_000 });
        var large = new string('x', 3_000);

        for (var i = 1; i <= 6; i++)
        {
            Take(store, Signal.Traces, Otlp.Request("chat", Otlp.Span(1, i, $"span {i}", more: Otlp.Attribute(9, "large", large))));
        }

        Assert.Equal(["span 4", "span 5", "span 6"], store.Spans.After(0).Select(s => s.Name));
        Assert.Equal(3, store.Spans.Statistics.Dropped);
        Assert.InRange(store.Spans.Statistics.Bytes, 9_000, 10_000);
        Assert.True(store.Spans.Find(TraceIdOf(1))!.Value.IsTruncated);
    }

    [Fact]
    public void Logs_TooManyOrTooLarge_KeepTheNewest()
    {
        var byCount = Store(new() { MaxLogs = 2 });
        var byBytes = Store(new() { MaxLogBytes = 2_000 });

        for (var i = 1; i <= 4; i++)
        {
            Take(byCount, Signal.Logs, Otlp.Request("chat", Otlp.Log($"log {i}")));
            Take(byBytes, Signal.Logs, Otlp.Request("chat", Otlp.Log(i + new string('x', 700))));
        }

        Assert.Equal(["log 3", "log 4"], byCount.Logs.After(0).Select(LogText.Message));
        Assert.Equal(["3", "4"], byBytes.Logs.After(0).Select(l => LogText.Message(l)[..1]));
        Assert.Equal((2L, 2L), (byCount.Logs.Statistics.Dropped, byBytes.Logs.Statistics.Dropped));
    }

    [Fact]
    public void Points_TooMany_DropTheOldestAndForgetSeriesWithoutAny()
    {
        var store = Store(new() { MaxPoints = 3 });

        Take(store, Signal.Metrics, Otlp.Request("old", Otlp.Gauge("g", [Otlp.Point(Otlp.Epoch, 1)])));
        for (var i = 1; i <= 4; i++)
        {
            Take(store, Signal.Metrics, Otlp.Request("chat", Otlp.Gauge("g", [Otlp.Point(Otlp.Epoch + (ulong)i, i)])));
        }

        Assert.Equal(["chat"], store.Metrics.Instruments(null).Select(i => i.Description.Key.Resource));
        Assert.Equal((3, 5L, 2L), (store.Metrics.Statistics.Count, store.Metrics.Statistics.Received, store.Metrics.Statistics.Dropped));
    }

    [Fact]
    public void Points_OfManySeriesWithLargeAttributes_StayWithinTheBytes()
    {
        var store = Store(new() { MaxPointBytes = 100_000 });

        for (var i = 0; i < 100; i++)
        {
            Take(store, Signal.Metrics, Otlp.Request("chat", Otlp.Gauge("g", [Otlp.Point(Otlp.Epoch, 1, Otlp.Attribute(7, "user", i + new string('x', 5_000)))])));
        }

        Assert.InRange(store.Metrics.Statistics.Bytes, 50_000, 100_000);
        Assert.InRange(store.Metrics.Statistics.Count, 10, 20);
    }

    [Fact]
    public void Resources_TooMany_AreRejectedAndTheKnownGoOn()
    {
        var store = Store(new() { MaxResources = 2 });
        Take(store, Signal.Traces, [.. Otlp.Request("a", Otlp.Span(1, 1, "a")), .. Otlp.Request("b", Otlp.Span(1, 2, "b"))]);

        var (rejected, why) = store.Take(Signal.Traces, (byte[])[.. Otlp.Request("c", Otlp.Span(1, 3, "c"), Otlp.Span(1, 4, "c")), .. Otlp.Request("a", Otlp.Span(1, 5, "a"))]);

        Assert.Equal((2, "More services sent telemetry than are kept apart."), (rejected, why));
        Assert.Equal(["a", "b", "a"], store.Spans.After(0).Select(s => s.Name));
    }

    [Fact]
    public void Clear_OfOneResource_LeavesTheOthersAndIsNoDrop()
    {
        var store = Store(new());
        Take(store, Signal.Traces, [.. Otlp.Request("chat", Otlp.Span(1, 1, "a"), Otlp.Span(2, 2, "b")), .. Otlp.Request("api", Otlp.Span(1, 3, "c"))]);
        Take(store, Signal.Metrics, [.. Otlp.Request("chat", Otlp.Gauge("g", [Otlp.Point(Otlp.Epoch, 1)])), .. Otlp.Request("api", Otlp.Gauge("g", [Otlp.Point(Otlp.Epoch, 1)]))]);

        store.Clear(null, "CHAT");
        Take(store, Signal.Traces, Otlp.Request("chat", Otlp.Span(1, 4, "d")));

        Assert.Equal(["c", "d"], store.Spans.After(0).Select(s => s.Name));
        Assert.Equal(["c", "d"], store.Spans.Find(TraceIdOf(1))!.Value.Spans.Select(s => s.Name));
        Assert.Null(store.Spans.Find(TraceIdOf(2)));
        Assert.Equal(0, store.Spans.Statistics.Dropped);
        Assert.Equal(["api"], store.Metrics.Instruments(null).Select(i => i.Description.Key.Resource));
        Assert.Equal(1, store.Metrics.Statistics.Count);
    }

    private static TelemetryStore Store(TelemetryLimits limits) => new(limits, new TestTimeProvider());

    private static TraceId TraceIdOf(int number) => TraceId.Parse(Otlp.TraceId(number))!.Value;

    private static void Take(TelemetryStore store, Signal signal, byte[] request) => Assert.Equal((0, null), store.Take(signal, request));
}
