using System.Text.Json;
using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Errors;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Services;
using AiPlatform.Services.Chat.Tests.Agents;
using AiPlatform.Services.Chat.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Services.Chat.Tests.Tools;

public sealed class WriteOnceTests
{
    private static readonly DocumentSummary Document = new(Sample.DocumentId, "Progress note", 1);
    private static readonly UiAction Action = new("show", null, JsonSerializer.SerializeToElement(new { documentId = Sample.DocumentId }));

    private readonly FakeLedger _ledger = new();
    private readonly ImpatientTime _time = new();
    private readonly CurrentUser _user = new(Guid.CreateVersion7(), default, Guid.CreateVersion7(), null, null, null);
    private readonly Guid _runId = Guid.CreateVersion7();

    [Fact]
    public async Task Write_MadeBefore_IsAnsweredFromTheLedgerWithoutItsText()
    {
        var tool = new TestTool(ToolKind.Write, _ => Task.FromResult(Written()));

        var first = await ExecuteAsync(tool);
        var again = await ExecuteAsync(tool);

        Assert.Equal(1, tool.Attempts);
        Assert.Equal("a text", first.Result!.Value.GetString());
        Assert.Equal(("Written.", Document, Action.Type), (again.Message, again.Documents.Single(), again.UiActions.Single().Type));
        JsonAssert.Equal(
            $$"""{"status":"already_done","documents":[{"document_id":"{{Sample.DocumentId}}","name":"Progress note","version":1}],"user_message":"Written."}""",
            again.Result!.Value);
        Assert.DoesNotContain("a text", JsonSerializer.Serialize(Assert.Single(_ledger.Rows).Value), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_LeftBegunByADeadReplica_IsMadeAgainUnderItsKey()
    {
        var lost = new TestTool(ToolKind.Write, _ => throw new OperationCanceledException("The replica died."));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ExecuteAsync(lost));
        Assert.Null(Assert.Single(_ledger.Rows).Value);

        var tool = new TestTool(ToolKind.Write, _ => Task.FromResult(Written()));
        var outcome = await ExecuteAsync(tool);

        Assert.Equal(("a text", 1), (outcome.Result!.Value.GetString(), tool.Attempts));
        Assert.Equal(Document, Assert.Single(_ledger.Rows).Value!.Documents.Single());
    }

    [Fact]
    public async Task Write_UnderTheKeyOfAnotherCall_IsRefusedWithoutGoingOut()
    {
        var tool = new TestTool(ToolKind.Write, _ => Task.FromResult(Written()));
        await ExecuteAsync(tool);

        var other = await ExecuteAsync(tool, "another_tool");

        Assert.Equal(("conflict", 1), (other.Error!.Code, tool.Attempts));
    }

    [Fact]
    public async Task Write_WhileTheLedgerIsAway_DoesNotGoOut()
    {
        _ledger.Fault = new RedisUnavailableException("away");
        var tool = new TestTool(ToolKind.Write, _ => Task.FromResult(Written()));

        var outcome = await ExecuteAsync(tool);

        Assert.Equal(("upstream_error", 0), (outcome.Error!.Code, tool.Attempts));
    }

    [Fact]
    public async Task Write_WhoseOutcomeCannotBeRecorded_IsAnsweredAndStaysInDoubt()
    {
        var outcome = await ExecuteAsync(new TestTool(ToolKind.Write, _ =>
        {
            _ledger.Fault = new RedisUnavailableException("away");
            return Task.FromResult(Written());
        }));

        Assert.True(outcome.Succeeded);
        Assert.Null(Assert.Single(_ledger.Rows).Value);
    }

    public static TheoryData<string, bool> Failures => new()
    {
        { "validation_error", true },
        { "not_found", true },
        { "conflict", true },
        { "key reused", false },
        { "malformed", false },
        { "answered 500", false },
        { "not answered", false },
        { "threw", false },
        { "store away", false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Write_ThatFailed_IsRecordedOnlyWhenItIsKnownNotToBeDone(string failure, bool settles)
    {
        var outcome = await ExecuteAsync(new TestTool(ToolKind.Write, _ => failure switch
        {
            "validation_error" or "not_found" or "conflict" => Task.FromResult(ToolOutcome.Failed(failure, "No.")),
            "key reused" => Task.FromResult<ToolOutcome>(new ServiceError("conflict", "No.", false, InDoubt: true)),
            "malformed" => Task.FromResult<ToolOutcome>(new ServiceError("malformed_response", "No.", false, InDoubt: true)),
            "answered 500" => Task.FromResult<ToolOutcome>(new ServiceError("upstream_error", "No.", true, InDoubt: true)),
            "not answered" => Task.FromResult<ToolOutcome>(new ServiceError("timeout", "No.", true)),
            "store away" => throw new DomainException(DomainErrorKind.Unavailable, "some.store", "No."),
            _ => throw new InvalidOperationException("No."),
        }));

        Assert.False(outcome.Error!.Retryable);
        Assert.Equal(settles, Assert.Single(_ledger.Rows).Value is not null);
    }

    [Fact]
    public async Task Read_Any_IsNotInTheLedger()
    {
        await ExecuteAsync(new TestTool(ToolKind.Read, _ => Task.FromResult(Written())));

        Assert.Empty(_ledger.Rows);
    }

    private static ToolOutcome Written() =>
        new(JsonSerializer.SerializeToElement("a text"), null, "Written.") { Documents = [Document], UiActions = [Action] };

    private async Task<ToolOutcome> ExecuteAsync(AgentTool tool, string? name = null)
    {
        var executor = new ToolExecutor(
            new WriteOnce(_ledger, NullLogger<WriteOnce>.Instance), _time, Options.Create(new ToolOptions()), NullLogger<ToolExecutor>.Instance);
        var run = new ToolScope(_runId, "web_assistant", _user, SessionScreen.Key(_user), _ => ValueTask.FromResult("token"), "correlation-1");
        var screen = new SessionScreen(Sample.ReadyScreen());
        var result = await executor.ExecuteAsync(
            tool, new ToolCall("call-1", "call-1", name ?? tool.Name, new Dictionary<string, JsonElement>(), false), new ToolContext(run, "call-1", screen.State, screen), CancellationToken.None);
        return result.Outcome;
    }
}
