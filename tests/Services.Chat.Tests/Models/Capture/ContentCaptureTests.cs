using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Models.Calls;
using AiPlatform.Services.Chat.Models.Capture;
using AiPlatform.Services.Chat.Tests.Gateway;
using AiPlatform.Tests.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Services.Chat.Tests.Models.Capture;

/// <summary>Contents are in telemetry only where an operator wants them, and nowhere else even then.</summary>
public sealed class ContentCaptureTests
{
    private const string Marker = "zzsaid";
    private const string HostsVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    private static readonly ModelCaller Caller = new(Guid.CreateVersion7(), Guid.CreateVersion7(), UserRole.Practitioner, "web_assistant", RunId: Guid.CreateVersion7());
    private static readonly (string, string) SwitchedOn = ("Telemetry:CaptureModelContent", "true");

    private readonly string _group = $"m-{Guid.CreateVersion7():N}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_SwitchedOn_HasWhatWasSentAndAnsweredOnItsSpan(bool stream)
    {
        await using var server = await ModelServer.StartAsync();
        server.Respond = _ => ModelReply.Of([.. ModelStep.Words("One moment."), new ModelStep.ToolCall("search_clients", """{"query":"Zoë"}""", "call_b")]);
        await using var host = await StartAsync(server, SwitchedOn);
        using var spans = new ModelSpans(_group);
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "Find \"Zoë\""),
            new(ChatRole.Assistant, [new FunctionCallContent("call_a", "search_clients", new Dictionary<string, object?> { ["query"] = "Zo" })]),
            new(ChatRole.Tool, [new FunctionResultContent("call_a", JsonElement.Parse("""{"items":[]}"""))]),
        ];
        var options = new ChatOptions { Instructions = "Be brief." };

        var client = host.Get<IChatModels>().GetChatClient(_group, Caller);
        _ = stream ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);

        var span = spans.Single();
        Assert.Equal("""[{"type":"text","content":"Be brief."}]""", span.GetTagItem("gen_ai.system_instructions"));
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"Find \"Zoë\""}]},"""
            + """{"role":"assistant","parts":[{"type":"tool_call","id":"call_a","name":"search_clients","arguments":{"query":"Zo"}}]},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"call_a","response":{"items":[]}}]}]""",
            span.GetTagItem("gen_ai.input.messages"));
        Assert.Equal(
            """[{"role":"assistant","parts":[{"type":"text","content":"One moment."},"""
            + """{"type":"tool_call","id":"call_b","name":"search_clients","arguments":{"query":"Zoë"}}],"finish_reason":"tool_call"}]""",
            span.GetTagItem("gen_ai.output.messages"));
    }

    [Fact]
    public async Task Stream_BrokenOff_HasWhatCame()
    {
        await using var server = await ModelServer.StartAsync();
        server.Respond = _ => ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Cut());
        await using var host = await StartAsync(server, SwitchedOn);
        using var spans = new ModelSpans(_group);

        await Record.ExceptionAsync(() => host.Get<IChatModels>().GetChatClient(_group, Caller).GetStreamingResponseAsync("Hi").ToChatResponseAsync());

        Assert.Equal(
            """[{"role":"assistant","parts":[{"type":"text","content":"Half"}],"finish_reason":"error"}]""", spans.Single().GetTagItem("gen_ai.output.messages"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gateway_CallThatIsTranslated_HasThemToo(bool stream)
    {
        await using var server = await ModelServer.StartAsync();
        server.Respond = _ => ModelReply.Text("Hello there.");
        await using var host = await StartAsync(server, "provider: anthropic, ", SwitchedOn);
        using var spans = new ModelSpans(_group);
        using var client = host.Client();

        using var response = await client.PostAsJsonAsync(
            "/v1/chat/completions", new { model = _group, stream, messages = new[] { new { role = "user", content = "Hi" } } });
        await response.Content.ReadAsStringAsync();
        await host.Settled.NextAsync();

        var span = spans.Single();
        Assert.Equal(
            ("""[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""",
                """[{"role":"assistant","parts":[{"type":"text","content":"Hello there."}],"finish_reason":"stop"}]"""),
            (span.GetTagItem("gen_ai.input.messages"), span.GetTagItem("gen_ai.output.messages")));
    }

    // The host sets the variable for everybody in Development.
    [Fact]
    public async Task Call_OnlyTheHostsVariableSet_HasNoContents()
    {
        Environment.SetEnvironmentVariable(HostsVariable, "true");
        await using var server = await ModelServer.StartAsync();
        server.Respond = _ => ModelReply.Text(Marker);
        await using var host = await StartAsync(server, (HostsVariable, "true"));
        using var spans = new ModelSpans(_group);

        await host.Get<IChatModels>().GetChatClient(_group, Caller).GetStreamingResponseAsync(Marker, new() { Instructions = Marker }).ToChatResponseAsync();

        Assert.DoesNotContain(spans.Single().TagObjects, tag => tag.Value?.ToString()?.Contains(Marker, StringComparison.Ordinal) is true);
        Assert.DoesNotContain(host.Logged.Lines, line => line.Text.Contains("CaptureModelContent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_SwitchedOn_WarnsAndLogsNoContentsEvenSo()
    {
        await using var server = await ModelServer.StartAsync();
        server.Respond = _ => ModelReply.Text(Marker);
        await using var host = await StartAsync(server, SwitchedOn, ("Logging:LogLevel:Default", "Trace"));
        using var spans = new ModelSpans(_group);

        await host.Get<IChatModels>().GetChatClient(_group, Caller).GetResponseAsync(Marker);

        Assert.Contains(Marker, (string?)spans.Single().GetTagItem("gen_ai.input.messages"), StringComparison.Ordinal);
        Assert.Contains(host.Logged.Lines, line => line.Level == LogLevel.Trace || line.Level == LogLevel.Debug);
        Assert.Single(host.Logged.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("Telemetry:CaptureModelContent is on", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Logged.Lines, line => line.Text.Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public void Sent_MoreThanAnAttributeHolds_KeepsTheNewestAndIsStillJson()
    {
        var long_ = new string('x', 100_000);
        IEnumerable<ChatMessage> messages =
        [
            .. Enumerable.Repeat(new ChatMessage(ChatRole.User, long_), 5),
            new(ChatRole.Assistant, [new FunctionCallContent("call", "tool", new Dictionary<string, object?> { ["text"] = long_ })]),
            new(ChatRole.User, [new DataContent(new byte[100_000], "image/png"), new TextContent("the newest")]),
        ];

        var sent = CapturedMessages.Sent(messages);

        Assert.InRange(sent.Length, 60_000, 70_000);
        var written = JsonElement.Parse(sent).EnumerateArray().ToList();
        Assert.Equal("""{"role":"user","parts":[{"type":"blob","mime_type":"image/png"},{"type":"text","content":"the newest"}]}""", written[^1].GetRawText());
        Assert.Equal(16 * 1024, written[^2].GetProperty("parts")[0].GetProperty("arguments").GetString()!.Length);
        Assert.Equal(16 * 1024, written[^3].GetProperty("parts")[0].GetProperty("content").GetString()!.Length);
    }

    private Task<GatewayHost> StartAsync(ModelServer server, params (string, string)[] settings) => StartAsync(server, "", settings);

    private Task<GatewayHost> StartAsync(ModelServer server, string provider, params (string, string)[] settings) => GatewayHost.StartWithCatalogueAsync(
        $$"""
        groups:
          - name: {{_group}}
            endpoints:
              - { name: one, {{provider}}base_url: "{{server.BaseUrl}}", key: key, model: x }
        """,
        settings);

    /// <summary>The spans of calls of one group.</summary>
    private sealed class ModelSpans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _spans = new();
        private readonly ActivityListener _listener;

        public ModelSpans(string group)
        {
            _listener = new()
            {
                ShouldListenTo = source => source.Name == "AiPlatform.Services.Chat",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (Equals(span.GetTagItem("gen_ai.request.model"), group))
                    {
                        _spans.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity Single() => Assert.Single(_spans);

        public void Dispose() => _listener.Dispose();
    }
}
