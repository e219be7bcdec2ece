using AiPlatform.Services.Chat.Tests.Hosting;
using AiPlatform.Tests.Common;

namespace AiPlatform.Services.Chat.Tests.Agents;

/// <summary>Runs whose model is Claude Code in a sidecar, over the socket: its words, and what it tells of its own session, tools and end.</summary>
public sealed class ClaudeCodeRunTests : IAsyncLifetime
{
    private readonly string _catalogue = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():N}.yaml");
    private ModelServer? _sidecar;
    private ChatHost? _host;

    private ModelServer Sidecar => _sidecar!;

    public async Task InitializeAsync()
    {
        _sidecar = await ModelServer.StartAsync();
        await File.WriteAllTextAsync(_catalogue, $$"""
            default: claude-code
            groups:
              - name: claude-code
                endpoints: [{ provider: claude_code, base_url: "{{_sidecar.ClaudeCodeUrl}}", key: secret-key, model: sonnet }]
            """);
        _host = await ChatHost.StartAsync(settings: new() { ["MODELS_CONFIG"] = _catalogue });
    }

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _sidecar!.DisposeAsync();
        File.Delete(_catalogue);
    }

    [Fact]
    [Trait("Spec", "T001-400")]
    [Trait("Spec", "T001-401")]
    public async Task Run_OfWords_TellsItsSessionItsPiecesAndItsEnd()
    {
        Sidecar.Enqueue(ModelReply.Of(new ModelStep.Thought("Hm."), new ModelStep.TextDelta("One"), new ModelStep.TextDelta(" two")));

        var run = await AskAsync();

        Assert.Equal(
            [
                """claudeSession {"session_id":"session-tests","model":"sonnet"}""",
                "thinking_chunk Hm.",
                "text_chunk One",
                "text_chunk  two",
                """claudeCodeFinalResult {"subtype":"success","session_id":"session-tests","is_error":false,"num_turns":1,"duration_ms":5,"total_cost_usd":0.25}""",
                "text_completed One two",
            ],
            Told(run));
        Assert.Equal("completed", StatusOf(run));
    }

    [Fact]
    [Trait("Spec", "T001-403")]
    public async Task Run_OnTheSocket_FramesEachEventInOneOrderWithNumbersWithoutGaps()
    {
        Sidecar.Enqueue(ModelReply.Text("Fine."));

        var run = await AskAsync();

        Assert.Equal(
            ["agent_started", "stream_start", "custom_event", "text_chunk", "custom_event", "text_completed", "tts_not_requested", "agent_completed"],
            run.Select(frame => frame.Type));
        Assert.Equal(Enumerable.Range(1, run.Count), run.Select(frame => (int)frame.Seq!));
        Assert.Single(run.Select(frame => (frame.RunId, frame.Epoch)).Distinct());
    }

    [Fact]
    public async Task Run_ToolOfTheProgramItself_IsToldWithoutContactDataAndNotExecuted()
    {
        const string use = """{"type":"assistant","parent_tool_use_id":"t1","message":{"content":[{"type":"text","text":"Reading."},{"type":"tool_use","id":"t2","name":"Read","input":{"file_path":"notes.md","email":"maya@example.org"}}]}}""";
        Sidecar.Enqueue(ModelReply.Of(new ModelStep.Raw($"data: {use}\n\n"), new ModelStep.TextDelta("Done.")));

        var run = await AskAsync();

        Assert.Equal(
            [
                """claudeToolUse {"tool_use_id":"t2","name":"Read","input":{"file_path":"notes.md","email":"[hidden]"},"parent_tool_use_id":"t1"}""",
                "text_chunk Done.",
            ],
            Told(run).Skip(1).Take(2));
        Assert.DoesNotContain(run, frame => frame.Type == "tool_executing");
    }

    [Fact]
    [Trait("Spec", "T001-402")]
    public async Task Run_TheSidecarFailsMidway_EndsWithAnErrorFrameAndNoneOfItsWords()
    {
        const string failure = """{"type":"result","subtype":"success","is_error":true,"api_error_status":529,"result":"API Error: secret words"}""";
        Sidecar.Respond = _ => ModelReply.Of(new ModelStep.TextDelta("Half"), new ModelStep.Raw($"data: {failure}\n\n"));

        var run = await AskAsync();

        var error = Assert.Single(run, frame => frame.Type == "error");
        Assert.Equal(("upstream_unavailable", "internal", true), (error.TextOf("code"), error.TextOf("stage"), error.Json.GetProperty("retryable").GetBoolean()));
        Assert.Equal("failed", StatusOf(run));
        Assert.DoesNotContain(run, frame => frame.Json.GetRawText().Contains("secret words", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<ReceivedFrame>> AskAsync()
    {
        await using var socket = await _host!.ConnectAsync(new TestToken(), "/ws/s1");
        return await socket.AskAsync("hello");
    }

    /// <summary>What a reader is shown of the model, as type and content.</summary>
    private static IEnumerable<string> Told(IEnumerable<ReceivedFrame> run) => run
        .Where(frame => frame.Type is "custom_event" or "thinking_chunk" or "text_chunk" or "text_completed")
        .Select(frame => frame.Type == "custom_event" ? $"{frame.TextOf("eventType")} {frame.Json.GetProperty("content").GetRawText()}" : $"{frame.Type} {frame.TextOf("content")}");

    private static string? StatusOf(IReadOnlyList<ReceivedFrame> run) => run[^1].Json.GetProperty("payload").GetProperty("status").GetString();
}
