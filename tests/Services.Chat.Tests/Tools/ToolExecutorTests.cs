using System.Diagnostics;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tests.Tools;

/// <summary>What the executor makes of a tool's own behaviour; how neighbours' answers come out is tested through them.</summary>
public class ToolExecutorTests
{
    private readonly ImpatientTime _time = new();

    [Fact]
    [Trait("Spec", "T000-096")]
    [Trait("Spec", "T001-228")]
    public async Task Execute_ToolThrows_BecomesAResult()
    {
        var result = await ExecuteAsync(new TestTool(ToolKind.Read, _ => throw new InvalidOperationException("the row of Maya")));

        Assert.Equal(("internal_error", "test_tool failed.", false), (result.Outcome.Error!.Code, result.Outcome.Error.Message, result.Outcome.Error.Retryable));
    }

    [Theory]
    [InlineData(DomainErrorKind.Unauthorized, "unauthorized", 1)]
    [InlineData(DomainErrorKind.Forbidden, "forbidden", 1)]
    [InlineData(DomainErrorKind.NotFound, "not_found", 1)]
    [InlineData(DomainErrorKind.Conflict, "conflict", 1)]
    [InlineData(DomainErrorKind.Invalid, "validation_error", 1)]
    [InlineData(DomainErrorKind.Unavailable, "upstream_error", 4)]
    [InlineData(DomainErrorKind.Timeout, "timeout", 4)]
    public async Task Execute_RuleBroken_GivesItsCodeAndRepeatsWhatMayPass(DomainErrorKind kind, string code, int attempts)
    {
        var tool = new TestTool(ToolKind.Read, _ => throw new DomainException(kind, "some.rule", "No."));

        var result = await ExecuteAsync(tool);

        Assert.Equal((code, "No.", attempts), (result.Outcome.Error!.Code, result.Outcome.Error.Message, tool.Attempts));
    }

    [Fact]
    [Trait("Spec", "T001-229")]
    public async Task Execute_ToolHangs_EndsAtTheLimitOfItsKind()
    {
        _time.Patience = TimeSpan.FromSeconds(30);

        var result = await ExecuteAsync(new TestTool(ToolKind.Read, HangAsync));

        Assert.Equal("timeout", result.Outcome.Error!.Code);
        Assert.Equal([TimeSpan.FromSeconds(30)], _time.Waits);
    }

    [Fact]
    public async Task Execute_WriteHangs_HasLongerAndIsNotCalledRepeatable()
    {
        _time.Patience = TimeSpan.FromMinutes(3);

        var result = await ExecuteAsync(new TestTool(ToolKind.Write, HangAsync, generates: true));

        Assert.Equal(("timeout", false), (result.Outcome.Error!.Code, result.Outcome.Error.Retryable));
        Assert.Equal([TimeSpan.FromMinutes(3)], _time.Waits);
    }

    [Fact]
    public async Task Execute_RunCancelled_IsCancelledAndNoResult()
    {
        using var cancel = new CancellationTokenSource();
        var tool = new TestTool(ToolKind.Read, async token =>
        {
            await cancel.CancelAsync();
            return await HangAsync(token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ExecuteAsync(tool, cancellationToken: cancel.Token));
    }

    [Fact]
    public async Task Execute_Any_MakesASpanWithoutContents()
    {
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AiPlatform.Services.Chat",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Contains(new("gen_ai.tool.call.id", "span-call")))
                {
                    spans.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await ExecuteAsync(new TestTool(ToolKind.Read, _ => throw new InvalidOperationException("the row of Maya")), "span-call");

        var span = Assert.Single(spans);
        Assert.Equal("execute_tool test_tool", span.OperationName);
        Assert.Equal(
            ["error.type=internal_error", "gen_ai.operation.name=execute_tool", "gen_ai.tool.call.id=span-call", "gen_ai.tool.name=test_tool"],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
    }

    private Task<ToolResult> ExecuteAsync(AgentTool tool, string callId = "call-1", CancellationToken cancellationToken = default)
    {
        var executor = new ToolExecutor(new WriteOnce(new FakeLedger(), NullLogger<WriteOnce>.Instance), _time, Options.Create(new ToolOptions()), NullLogger<ToolExecutor>.Instance);
        var user = new ServiceDefaults.Security.CurrentUser(Guid.CreateVersion7(), default, Guid.CreateVersion7(), null, null, null);
        var run = new ToolScope(
            Guid.CreateVersion7(), "web_assistant", user, SessionScreen.Key(user), _ => ValueTask.FromResult("token"), "correlation-1");
        var screen = new SessionScreen(Sample.ReadyScreen());
        var call = new ToolCall(callId, callId, tool.Name, new Dictionary<string, System.Text.Json.JsonElement>(), false);
        return executor.ExecuteAsync(tool, call, new ToolContext(run, callId, screen.State, screen), cancellationToken);
    }

    private static async Task<ToolOutcome> HangAsync(CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        throw new InvalidOperationException("It never ends.");
    }
}
