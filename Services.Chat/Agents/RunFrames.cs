using System.Text;
using System.Text.Json;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Models;
using AiPlatform.Services.Chat.Tools;

namespace AiPlatform.Services.Chat.Agents;

/// <summary>Writes the frames of one run. Calls of a round end at the same time, so a gate lets one frame out after the other.</summary>
internal sealed class RunFrames(string agentName, bool providerFrames, ToolOptions limits, IRunOutput output) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly StringBuilder _text = new();
    private int _thinkingSteps;
    private string? _lastReasoning;
    private bool _separate;

    public string Text => _text.ToString();

    /// <summary>The next text belongs to a new round: an empty line parts it from the text before.</summary>
    public void BeginRound() => _separate = _text.Length > 0;

    public async ValueTask TextAsync(string delta, CancellationToken cancellationToken)
    {
        if (delta.Length == 0)
        {
            return;
        }

        var content = _separate ? $"\n\n{delta}" : delta;
        _separate = false;
        _text.Append(content);
        await EmitAsync(new TextChunkFrame(content, _text.Length), cancellationToken);
    }

    public ValueTask ReasoningAsync(string delta, CancellationToken cancellationToken) =>
        delta.Length == 0 ? ValueTask.CompletedTask : EmitAsync(new ThinkingChunkFrame(delta), cancellationToken);

    /// <param name="progress">How much of the rounds it may take has been used, in percent.</param>
    public ValueTask ThinkingAsync(string reasoning, int progress, CancellationToken cancellationToken)
    {
        _thinkingSteps++;
        var distinct = reasoning == _lastReasoning ? $"Step {_thinkingSteps}: {reasoning}" : reasoning;
        _lastReasoning = reasoning;
        return EmitAsync(
            new AgentThinkingFrame(agentName, new(agentName, "thinking", distinct, _thinkingSteps, progress)), cancellationToken);
    }

    public async ValueTask AskedAsync(ToolCall call, string display, CancellationToken cancellationToken)
    {
        if (providerFrames)
        {
            var arguments = FrameSanitizer.Sanitize(call.Arguments, limits.FrameParametersLength);
            await EmitAsync(new ToolStartFrame(new(call.Name, arguments, call.Id, false, display)), cancellationToken);
        }
    }

    public ValueTask ExecutingAsync(ToolCall call, AgentTool tool, CancellationToken cancellationToken) => EmitAsync(
        new ToolExecutingFrame(agentName, new(
            agentName, "executing", call.Name, call.Id, FrameSanitizer.Sanitize(call.Arguments, limits.FrameParametersLength),
            tool.Definition.Activity)),
        cancellationToken);

    public ValueTask CompletedAsync(ToolResult result, CancellationToken cancellationToken)
    {
        var (call, outcome) = (result.Call, result.Outcome);
        return EmitAsync(
            new ToolCompletedFrame(agentName, new(
                agentName, outcome.Succeeded ? "completed" : "failed", call.Name, call.Id, Shown(outcome), outcome.Error, result.DurationMs,
                outcome.Message)),
            cancellationToken);
    }

    public async ValueTask AnsweredAsync(ToolResult result, CancellationToken cancellationToken)
    {
        if (providerFrames)
        {
            var (call, outcome) = (result.Call, result.Outcome);
            await EmitAsync(
                new ToolResultFrame(new(call.Name, call.Id, outcome.Succeeded, Shown(outcome), outcome.Error)), cancellationToken);
        }
    }

    public ValueTask UiActionAsync(UiAction action, CancellationToken cancellationToken) =>
        EmitAsync(new UiActionFrame(action), cancellationToken);

    /// <summary>What the provider tells of itself.</summary>
    public ValueTask ToldAsync(ProviderEvent told, CancellationToken cancellationToken) => EmitAsync(
        new CustomEventFrame(told.Type, FrameSanitizer.Sanitize(JsonSerializer.SerializeToElement(told.Content, ToolJsonContext.Default.JsonNode), limits.FrameParametersLength)),
        cancellationToken);

    public void Used(UsagePayload soFar) => output.Used(soFar);

    public void Dispose() => _gate.Dispose();

    private JsonElement? Shown(ToolOutcome outcome) =>
        outcome.Result is { } result ? FrameSanitizer.Sanitize(result, limits.FrameResultLength) : null;

    private async ValueTask EmitAsync(FrameBody frame, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await output.EmitAsync(frame, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }
}
