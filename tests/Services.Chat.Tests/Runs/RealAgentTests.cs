using System.Collections.Concurrent;
using System.Diagnostics;
using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class RealAgentTests
{
    [Theory]
    [InlineData("/ws/s1")]
    [InlineData("/chat/ws")]
    public async Task Message_AnsweredByTheEmbeddedModel_KeepsEveryRuleOfARun(string path)
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await host.ConnectAsync(new TestToken(), path);

        var run = await socket.AskAsync("Hello, who are you?");

        FrameRules.Check(run);
        Assert.Equal("completed", run[^1].Json.GetProperty("payload").GetProperty("status").GetString());
    }

    [Fact]
    [Trait("Spec", "T002-093")]
    public async Task Run_IsInTheTraceItsMessageCameInOnWithWhatItStores()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("AiPlatform.", StringComparison.Ordinal) || source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await ChatHost.StartAsync(Scripts.Whole);
        await using var socket = await host.ConnectAsync(new TestToken(), "/ws/s1");
        var frames = await socket.AskAsync("hello");
        await socket.CloseAsync();

        Activity? Run() => spans.FirstOrDefault(span => span.OperationName == "run" && span.GetTagItem("chat.run.id")?.ToString() == frames[0].RunId);
        Activity? Socket() => spans.FirstOrDefault(span => span.Kind == ActivityKind.Server && span.SpanId == Run()?.ParentSpanId);
        await Eventually.BecomesTrueAsync(() => Run() is not null && Socket() is not null, "the spans have ended");

        var children = spans.Where(span => span.ParentSpanId == Run()!.SpanId).ToList();
        Assert.Equal(Socket()!.TraceId, Run()!.TraceId);
        Assert.Equal(frames.Count, children.Count(span => span.OperationName == "EVAL run_append"));
        Assert.All(children, span => Assert.Equal(Run()!.TraceId, span.TraceId));
    }
}
