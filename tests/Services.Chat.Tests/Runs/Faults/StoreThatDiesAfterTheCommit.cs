using AiPlatform.ServiceDefaults.Data;
using AiPlatform.Services.Chat.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.Services.Chat.Tests.Runs.Faults;

/// <summary>The real store of a replica that is gone the moment its commit is done: the call never returns.</summary>
internal sealed class StoreThatDiesAfterTheCommit(Database database, TimeProvider timeProvider, IHostApplicationLifetime lifetime) : IRunStore
{
    private readonly MySqlRunStore _store = new(database, timeProvider);

    public async Task<bool> EndAsync(Guid practiceId, Guid runId, RunEnd end, CancellationToken cancellationToken)
    {
        await _store.EndAsync(practiceId, runId, end, cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, lifetime.ApplicationStopping);
        return true;
    }

    public Task AddAsync(AcceptedRun run, CancellationToken cancellationToken) => _store.AddAsync(run, cancellationToken);

    public Task<IReadOnlyList<ChatMessage>> BeginAsync(AcceptedRun run, int historyMessages, CancellationToken cancellationToken) =>
        _store.BeginAsync(run, historyMessages, cancellationToken);

    public Task<RunRecord?> FindAsync(Guid practiceId, Guid userId, Guid runId, CancellationToken cancellationToken) =>
        _store.FindAsync(practiceId, userId, runId, cancellationToken);

    public Task CloseLogAsync(Guid practiceId, Guid runId, CancellationToken cancellationToken) => _store.CloseLogAsync(practiceId, runId, cancellationToken);

    public Task<IReadOnlyList<RunRecord>> ListUnclosedAsync(
        DateTimeOffset acceptedBefore, RunRecord? after, int limit, CancellationToken cancellationToken) =>
        _store.ListUnclosedAsync(acceptedBefore, after, limit, cancellationToken);
}
