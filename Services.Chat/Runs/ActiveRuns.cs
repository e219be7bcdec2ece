using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AiPlatform.Services.Chat.Sessions;

namespace AiPlatform.Services.Chat.Runs;

/// <summary>The runs this replica answers for: those that wait, those that run, and ended ones whose log Redis has not got yet.</summary>
internal sealed class ActiveRuns
{
    private readonly ConcurrentDictionary<Guid, ActiveRun> _runs = new();

    /// <summary>Names this process in leases.</summary>
    public string Replica { get; } = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.CreateVersion7():N}";

    public IEnumerable<ActiveRun> All => _runs.Values;

    public void Add(ActiveRun run) => _runs[run.Accepted.RunId] = run;

    /// <returns>False when somebody else removed it already.</returns>
    public bool Remove(ActiveRun run) => _runs.TryRemove(new(run.Accepted.RunId, run));

    public bool TryGet(Guid runId, [NotNullWhen(true)] out ActiveRun? run) => _runs.TryGetValue(runId, out run);

    /// <summary>The session's run here that runs, or else the one that comes next.</summary>
    public ActiveRun? CurrentOf(ChatSessionKey session) => _runs.Values
        .Where(run => run.Accepted.Session == session && run.EndedAt is null)
        .OrderByDescending(run => run.IsRunning)
        .ThenBy(run => run.Accepted.AcceptedAt)
        .FirstOrDefault();
}
