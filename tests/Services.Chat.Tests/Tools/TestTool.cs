using AiPlatform.Services.Chat.Tools;

namespace AiPlatform.Services.Chat.Tests.Tools;

/// <summary>A tool that does what a test says.</summary>
internal sealed class TestTool(ToolKind kind, Func<CancellationToken, Task<ToolOutcome>> run, bool generates = false, string persona = "web_assistant")
    : AgentTool(new ToolDefinition("test_tool", kind, "Does what a test says.", "Testing.", new()) { Generates = generates, Personas = [persona] })
{
    public int Attempts { get; private set; }

    protected override Task<ToolOutcome> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        Attempts++;
        return run(cancellationToken);
    }
}
