using System.Text.Json;
using AiPlatform.Services.Chat.Agents;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;

namespace AiPlatform.Services.Chat.Tests.Hosting;

/// <summary>Agents that do what a test needs, frame by frame.</summary>
internal static class Scripts
{
    private const string Name = "web_assistant";

    /// <summary>Thinks, uses a tool, answers with the message in three chunks, raises an action.</summary>
    public static readonly AgentCall Whole = async (run, output, _, cancellationToken) =>
    {
        await output.EmitAsync(Thinking(1), cancellationToken);
        await output.EmitAsync(Executing("call_1"), cancellationToken);
        await output.EmitAsync(Completed("call_1"), cancellationToken);
        var length = 0;
        foreach (var text in (string[])["You said: ", run.Message, " 🙂"])
        {
            length += text.Length;
            await output.EmitAsync(new TextChunkFrame(text, length), cancellationToken);
        }

        var payload = JsonSerializer.SerializeToElement(new { clientId = "c1" });
        await output.EmitAsync(new UiActionFrame(new("set_client_selection", null, payload)), cancellationToken);
        return Outcome($"You said: {run.Message} 🙂", new ToolCallSummary("call_1", "search_clients", "completed"));
    };

    /// <summary>Answers with the message in two chunks.</summary>
    public static readonly AgentCall Echo = async (run, output, _, cancellationToken) =>
    {
        await output.EmitAsync(new TextChunkFrame("echo: ", 6), cancellationToken);
        await output.EmitAsync(new TextChunkFrame(run.Message, 6 + run.Message.Length), cancellationToken);
        return Outcome($"echo: {run.Message}");
    };

    /// <summary>Begins to answer, opens a tool call, then waits until it is told to go on or is stopped.</summary>
    public static AgentCall Waiting(Task go) => async (run, output, _, cancellationToken) =>
    {
        await output.EmitAsync(new TextChunkFrame("part ", 5), cancellationToken);
        await output.EmitAsync(Executing("call_1"), cancellationToken);
        await go.WaitAsync(cancellationToken);
        await output.EmitAsync(Completed("call_1"), cancellationToken);
        await output.EmitAsync(new TextChunkFrame(run.Message, 5 + run.Message.Length), cancellationToken);
        return Outcome($"part {run.Message}", new ToolCallSummary("call_1", "search_clients", "completed"));
    };

    public static AgentThinkingFrame Thinking(int step) => new(Name, new(Name, "thinking", "Looking for the client.", step, 10 * step));

    public static ToolExecutingFrame Executing(string call) =>
        new(Name, new(Name, "executing", "search_clients", call, JsonSerializer.SerializeToElement(new { query = "Ana" }), "Searching."));

    public static ToolCompletedFrame Completed(string call) =>
        new(Name, new(Name, "completed", "search_clients", call, JsonSerializer.SerializeToElement(new { total = 1 }), null, 3, "Found one."));

    public static AgentOutcome Outcome(string text, params ToolCallSummary[] calls) => new(text, calls, 1, [], new(10, 20, 0.5m));
}
