using AiPlatform.ServiceDefaults.Data;
using AiPlatform.ServiceDefaults.Security;
using AiPlatform.Services.Chat.Events;
using AiPlatform.Services.Chat.Runs;
using AiPlatform.Services.Chat.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Services.Chat.Tests.Runs;

public sealed class RunStoreTests : IAsyncLifetime
{
    private static readonly RunEnd Answered = new("completed", null, "answer", [new("call_1", "search_clients", "completed")], 1, new(1, 2, 0), [], "Done.");

    private readonly AcceptedRun _run = NewRun();
    private ChatHost _host = null!;
    private IRunStore _store = null!;

    public async Task InitializeAsync()
    {
        _host = await ChatHost.StartAsync(Scripts.Echo, renews: false);
        _store = _host.Services.GetRequiredService<IRunStore>();
        await _store.AddAsync(_run, default);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task End_AgainBecauseTheAnswerWasLost_IsOursAndAnotherEndIsNot()
    {
        Assert.True(await EndAsync(Answered));
        Assert.True(await EndAsync(Answered));
        Assert.False(await EndAsync(Answered with { Status = "failed", ErrorCode = "interrupted" }));
        Assert.False(await EndAsync(Answered with { Text = "another answer" }));
    }

    [Fact]
    public async Task CloseLog_IsDoneByTheRunsPracticeOnly()
    {
        await _store.CloseLogAsync(Guid.CreateVersion7(), _run.RunId, default);
        Assert.Equal([_run.RunId], await UnclosedAsync());

        await _store.CloseLogAsync(_run.Session.PracticeId, _run.RunId, default);
        Assert.Empty(await UnclosedAsync());
    }

    [Fact]
    public async Task Completion_OfARunWithoutALog_EndsItOnlyWhenTheLogWillNotComeBack()
    {
        var completion = _host.Services.GetRequiredService<RunCompletion>();
        var record = (await _store.ListUnclosedAsync(DateTimeOffset.MaxValue, null, 10, default)).Single();

        Assert.Equal(CompletionResult.Missing, await completion.CompleteAsync(record, isGone: false, default));
        Assert.Equal("queued", (await FindAsync())!.Status);
        Assert.Equal(CompletionResult.Completed, await completion.CompleteAsync(record, isGone: true, default));

        Assert.Equal(("failed", "interrupted"), ((await FindAsync())!.Status, (await FindAsync())!.ErrorCode));
        Assert.Empty(await UnclosedAsync());
    }

    [Fact]
    public async Task Completion_OfARunWhoseEndedLogHasLostItsFrames_EndsItAsInterrupted()
    {
        var log = _host.Services.GetRequiredService<RunLog>();
        var claim = new LogClaim(_run.Key, _run.Session, _run.ThreadId, "another", LogClaim.NewEpoch(_run.AcceptedAt), LogClaim.FirstFence);
        await log.OpenAsync(claim, default);
        await log.AppendAsync(claim, claim.Frame(1, new AgentCompletedFrame("a", new("a", "completed", new("", [], 0, []), 0, new(0, 0, 0), "")), TimeProvider.System));
        await _host.Services.GetRequiredService<RedisClient>().RunAsync("DEL log", database => database.KeyDeleteAsync(_run.Key.Log(claim.Epoch)), default);
        var record = (await _store.ListUnclosedAsync(DateTimeOffset.MaxValue, null, 10, default)).Single();

        Assert.Equal(CompletionResult.Completed, await _host.Services.GetRequiredService<RunCompletion>().CompleteAsync(record, isGone: false, default));

        Assert.Equal(("failed", "interrupted"), ((await FindAsync())!.Status, (await FindAsync())!.ErrorCode));
        Assert.Empty(await UnclosedAsync());
    }

    private static AcceptedRun NewRun()
    {
        var user = new CurrentUser(Guid.CreateVersion7(), UserRole.Practitioner, Guid.CreateVersion7(), null, null, null);
        return new(
            Guid.CreateVersion7(), new(user.PracticeId, user.UserId, "s1"), user, "", "web_assistant", Guid.CreateVersion7(), "hello", null, false, "", default,
            DateTimeOffset.UtcNow);
    }

    private Task<bool> EndAsync(RunEnd end) => _store.EndAsync(_run.Session.PracticeId, _run.RunId, end, default);

    private Task<RunRecord?> FindAsync() => _store.FindAsync(_run.Session.PracticeId, _run.Session.UserId, _run.RunId, default);

    private async Task<IEnumerable<Guid>> UnclosedAsync() =>
        (await _store.ListUnclosedAsync(DateTimeOffset.MaxValue, null, 10, default)).Select(run => run.Id);
}
