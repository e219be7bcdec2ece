using System.Net;
using System.Text;
using AiPlatform.Tests.Common;
using Aspire.Hosting.Dashboard.Events;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.LocalHosting.Tests.Dashboard;

public sealed class EventsTests(DashboardHost host) : IClassFixture<DashboardHost>
{
    [Fact]
    public async Task Events_OfAChannelListenedTo_ComeAsFramesAndOthersDoNot()
    {
        using var browser = await host.LogInAsync();
        using var response = await ListenAsync(browser, "resources,console:chat");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestHosts.InTime()));
        await ReadFrameAsync(reader);
        var events = host.Get<DashboardEvents>();

        events.Publish(DashboardEvents.Console("api"), "console", new { Resource = "api" });
        events.Publish(DashboardEvents.Console("chat"), "console", new { Resource = "chat", Text = "line\nline" });
        events.Publish(DashboardEvents.Resources, "resources", (int[])[1, 2]);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Equal("event: console\ndata: {\"resource\":\"chat\",\"text\":\"line\\nline\"}\n", await ReadFrameAsync(reader));
        Assert.Equal("event: resources\ndata: [1,2]\n", await ReadFrameAsync(reader));
    }

    [Fact]
    public async Task Events_ConnectionOpen_DoNotHoldUpTheStop()
    {
        var ownHost = await DashboardHost.StartAsync();
        using var browser = await ownHost.LogInAsync();
        using var response = await ListenAsync(browser, "logs");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestHosts.InTime()));
        await ReadFrameAsync(reader);

        await ownHost.DisposeAsync();

        Assert.Equal("", await reader.ReadToEndAsync(TestHosts.InTime()));
    }

    [Fact]
    public async Task Events_NothingNew_KeepTheConnectionAliveWithComments()
    {
        var time = new TestTimeProvider();
        var ownHost = await DashboardHost.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var browser = await ownHost.LogInAsync();
        using var response = await ListenAsync(browser, "logs");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestHosts.InTime()));
        await ReadFrameAsync(reader);

        var comment = ReadFrameAsync(reader);
        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(15));
            return comment.IsCompleted;
        });

        Assert.Equal(": keep-alive\n", await comment);
        await ownHost.DisposeAsync();
    }

    [Fact]
    public async Task Events_PageGone_EndsItsSubscription()
    {
        using var browser = await host.LogInAsync();
        var events = host.Get<DashboardEvents>();
        using (var response = await ListenAsync(browser, "console:gone"))
        {
            Assert.True(events.IsHeard("console:gone"));
        }

        await Until.TrueAsync(() => !events.IsHeard("console:gone"));
    }

    [Fact]
    public void Subscription_TooManyFrames_LosesTheOldestAndSaysHowMany()
    {
        var events = new DashboardEvents();
        using var subscription = events.Subscribe([DashboardEvents.Logs])!;
        for (var i = 0; i < DashboardSubscription.MaxFrames + 3; i++)
        {
            events.Publish(DashboardEvents.Logs, "logs", i);
        }

        var frames = subscription.Take().Select(f => Encoding.UTF8.GetString(f.Bytes.Span)).ToList();

        Assert.Equal(DashboardSubscription.MaxFrames + 1, frames.Count);
        Assert.Equal(["event: lagged\ndata: {\"lost\":3}\n\n", "event: logs\ndata: 3\n\n"], frames[..2]);
        Assert.Empty(subscription.Take());
    }

    [Fact]
    public void Subscription_TooManyBytes_LosesTheOldest()
    {
        var events = new DashboardEvents();
        using var subscription = events.Subscribe([DashboardEvents.Logs])!;
        for (var i = 0; i < 4; i++)
        {
            events.Publish(DashboardEvents.Logs, "logs", new string((char)('a' + i), DashboardSubscription.MaxBytes / 3));
        }

        Assert.Equal(["lagged", "logs", "logs"], subscription.Take().Select(f => f.Name));
    }

    [Fact]
    public void Subscribe_TooMany_IsRefusedUntilOneEnds()
    {
        var events = new DashboardEvents();
        var subscriptions = Enumerable.Range(0, DashboardEvents.MaxSubscriptions).Select(_ => events.Subscribe(["logs"])!).ToList();

        Assert.Null(events.Subscribe(["logs"]));
        subscriptions[0].Dispose();
        Assert.NotNull(events.Subscribe(["logs"]));
    }

    private static Task<HttpResponseMessage> ListenAsync(HttpClient browser, string channels) =>
        browser.GetAsync(new Uri($"/api/events?channels={channels}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestHosts.InTime());

    private static async Task<string> ReadFrameAsync(StreamReader reader)
    {
        var frame = new StringBuilder();
        while (await reader.ReadLineAsync(TestHosts.InTime()) is { Length: > 0 } line)
        {
            frame.Append(line).Append('\n');
        }

        return frame.ToString();
    }
}
